//! Everything a browser is sent, made from its sources into `target/site`.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use super::{
    Mode,
    assets::{Asset, Site, files_below},
    css, derived,
    modules::{self, DASHBOARD, WIDGET},
    node::{self, Node},
    step::{DISK, OrFail, Result, step},
    wasm_target,
};
use crate::cache;

/// The folder that the server's build script reads. Two, so that going to and fro between the modes builds nothing anew.
pub fn folder(checkout: &Path, mode: Mode) -> PathBuf {
    checkout.join(match mode {
        Mode::Dev => "target/site",
        Mode::Release => "target/site-release",
    })
}

/// Held from making the site until it is embedded, so that no second build in this checkout sweeps it meanwhile.
pub fn lock(mode: Mode) -> Result<File> {
    let path = folder(&cache::checkout(), mode).with_extension("lock");
    fs::create_dir_all(path.parent().unwrap_or(&path))
        .and_then(|()| File::create(&path))
        .and_then(|file| file.lock().map(|()| file))
        .or_fail(format!("{} cannot be locked", path.display()), DISK)
}

pub fn build(mode: Mode) -> Result<Vec<Asset>> {
    let checkout = cache::checkout();
    let toolchain = wasm_target::ensure()?;
    let node = node::ensure();
    let mut files = modules::build(&DASHBOARD, mode, &toolchain, node.as_ref())?;
    files.extend(modules::build(&WIDGET, mode, &toolchain, node.as_ref())?);
    step("Styles, scripts and compression", || {
        let mut site = Site::new(folder(&checkout, mode), mode);
        for (name, bytes) in &files {
            site.add_hashed(name, bytes)?;
        }
        add_styles(&mut site, &checkout.join("style"))?;
        add_scripts(&mut site, &checkout.join("widget/launcher"), node.as_ref())?;
        add_scripts(&mut site, &checkout.join("widget/scripts"), node.as_ref())?;
        add_scripts(&mut site, &checkout.join("app/scripts"), node.as_ref())?;
        for (name, path) in files_below(&checkout.join("style/assets")) {
            site.add_hashed(&name, &read(&path)?)?;
        }
        // The demo shop stands for somebody else's site: plain names, as such a site has them.
        for (name, path) in files_below(&checkout.join("server/demo")) {
            site.add_plain(&format!("demo/{name}"), &read(&path)?)?;
        }
        derived::prune();
        site.finish()
    })
}

/// `style/<surface>.css` imports all sheets of that surface.
fn add_styles(site: &mut Site, style: &Path) -> Result<()> {
    for surface in ["console.css", "widget.css", "widget-files.css", "widget-more.css"] {
        let sheet = style.join(surface);
        if sheet.exists() {
            site.add_hashed(surface, css::bundle(&sheet)?.as_bytes())?;
        }
    }
    Ok(())
}

/// The launcher, its part for invites and the service worker are inlined by the server into scripts with stable addresses, and
/// what masks cards into the frame; the launcher's part for the panel has such an address itself. The others load with the
/// frame or when it needs them, or with the dashboard.
fn add_scripts(site: &mut Site, launcher: &Path, node: Option<&Node>) -> Result<()> {
    for (name, path) in files_below(launcher) {
        if path.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        let source = read(&path)?;
        let script = match node {
            Some(node) => derived::file(&format!("esbuild {}", node.version), &source, || node.minify(&path))?,
            None => source,
        };
        let stable = matches!(
            name.as_str(),
            "launcher.js" | "launcher-invites.js" | "launcher-panel.js" | "sw.js" | "widget-cards.js"
        );
        if stable { site.add_plain(&name, &script)? } else { site.add_hashed(&name, &script)? }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).or_fail(format!("{} cannot be read", path.display()), DISK)
}
