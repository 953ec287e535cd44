//! The two WebAssembly modules: compiled by cargo, given their JavaScript by wasm-bindgen, made small by wasm-opt.

use std::{
    fs,
    path::{Path, PathBuf},
};

use wasm_bindgen_cli_support::Bindgen;

use super::{
    Mode,
    assets::{files_below, hashed},
    derived,
    node::Node,
    proc, shrink, split,
    step::{DISK, Failure, OrFail, Result, step},
    wasm_target::Toolchain,
};

/// A crate whose library becomes a module in the browser.
pub struct Module {
    pub package: &'static str,
    pub feature: &'static str,
    pub title: &'static str,
    /// What the pages import from its script; the rest of wasm-bindgen's exports is left out.
    exports: &'static str,
    /// Whether it is cut at its `#[lazy]` functions.
    lazy: bool,
}

pub const DASHBOARD: Module =
    Module { package: "app", feature: "hydrate", title: "dashboard", exports: "default,hydrate", lazy: true };
pub const WIDGET: Module =
    Module { package: "widget", feature: "client", title: "widget", exports: "default", lazy: false };

/// A file for the browser: its plain name, and its bytes.
pub type File = (String, Vec<u8>);

/// `<package>.js`, `<package>_bg.wasm` and the chunks. The script does not know the other's address: whoever imports it hands the
/// (hashed) address to its `init({ module_or_path })`.
pub fn build(module: &Module, mode: Mode, toolchain: &Toolchain, node: Option<&Node>) -> Result<Vec<File>> {
    let compiled =
        step(&format!("Compiling the {} for the browser", module.title), || compile(module, mode, toolchain))?;
    let wasm = fs::read(&compiled).or_fail(format!("{} cannot be read", compiled.display()), DISK)?;
    let small = node.filter(|_| mode == Mode::Release);
    let recipe = format!(
        "module 6 {} {mode:?} wasm-bindgen {} node {}",
        module.package,
        wasm_bindgen_version(),
        small.map_or("", |node| &node.version)
    );
    let script = format!("{}.js", module.package);
    let binary = format!("{}_bg.wasm", module.package);
    let folder = derived::folder(&recipe, &wasm, |folder| {
        step(&format!("Preparing the {}", module.title), || {
            bind(module, wasm.clone(), mode, folder)?;
            if let Some(node) = small {
                shrink::shrink(node, folder, module.package, module.exports)?;
            }
            Ok(())
        })
    })?;
    let mut files = Vec::new();
    let read = |path: PathBuf| {
        fs::read(&path)
            .or_fail(format!("{} cannot be read", path.display()), "`cargo xtask clean-cache` starts afresh.")
    };
    let mut text = String::from_utf8(read(folder.join(&script))?).or_fail(format!("{script} is not text"), DISK)?;
    for (name, path) in chunks_in(&folder, module.package) {
        let bytes = read(path)?;
        // Asked for by the script itself, which so changes its own name with theirs.
        text = text.replace(&name, &hashed(&name, &bytes));
        files.push((name, bytes));
    }
    files.push((script, text.into_bytes()));
    let bytes = read(folder.join(&binary))?;
    files.push((binary, bytes));
    Ok(files)
}

pub fn is_wasm(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "wasm")
}

/// The chunks of a module in its folder: names and paths.
pub fn chunks_in(folder: &Path, package: &str) -> Vec<(String, PathBuf)> {
    let first = format!("{package}_bg.wasm");
    files_below(folder).into_iter().filter(|(name, _)| is_wasm(name) && *name != first).collect()
}

fn compile(module: &Module, mode: Mode, toolchain: &Toolchain) -> Result<PathBuf> {
    let profile = match mode {
        Mode::Dev => "wasm-dev",
        Mode::Release => "wasm-release",
    };
    proc::run(
        toolchain
            .cargo()
            .args(["rustc", "--package", module.package, "--lib", "--crate-type", "cdylib", "--no-default-features"])
            .args(["--features", module.feature, "--target", "wasm32-unknown-unknown", "--profile", profile])
            .args(if module.lazy { &["--", "-Clink-arg=--emit-relocs"][..] } else { &[] }),
        "The compiler's words are above.",
    )?;
    Ok(toolchain.target_folder().join("wasm32-unknown-unknown").join(profile).join(format!("{}.wasm", module.package)))
}

fn bind(module: &Module, wasm: Vec<u8>, mode: Mode, folder: &Path) -> Result<()> {
    let split = if module.lazy { Some(split::split(&wasm, folder)?) } else { None };
    let wasm = split.as_ref().map_or(wasm, |split| split.main.clone());
    let advice = "This is a fault of the build, not of your code; `cargo xtask clean-cache` may help.";
    let output = Bindgen::new().input_bytes(module.package, wasm).web(true).and_then(|bindgen| {
        bindgen
            .typescript(false)
            .omit_default_module_path(true)
            // The chunks need the first part's table and stack.
            .keep_lld_exports(module.lazy)
            .remove_name_section(mode == Mode::Release)
            .remove_producers_section(mode == Mode::Release)
            .generate_output()
    });
    let mut output = output.or_fail(format!("wasm-bindgen failed on the {}", module.title), advice)?;
    let scripts: Vec<&str> = output
        .snippets()
        .iter()
        .filter(|(_, scripts)| !scripts.is_empty())
        .map(|(name, _)| name.as_str())
        .chain(output.local_modules().keys().map(String::as_str))
        .collect();
    // Only a bundler could put them into the one script, and node may be missing.
    if !scripts.is_empty() {
        return Err(Failure::new(
            format!("the {} brings JavaScript files of its own: {}", module.title, scripts.join(", ")),
            "Call what the browser offers through web-sys instead of inline JavaScript.",
        ));
    }
    output.emit(folder).or_fail(format!("the {} cannot be written", module.title), DISK)?;
    let Some(split) = split else { return Ok(()) };
    let script = folder.join(format!("{}.js", module.package));
    let text = fs::read_to_string(&script).or_fail("the script cannot be read", DISK)?;
    fs::write(&script, split.with_loaders(&text)?).or_fail("the script cannot be written", DISK)?;
    for (name, bytes) in &split.chunks {
        fs::write(folder.join(name), bytes).or_fail(format!("{name} cannot be written"), DISK)?;
    }
    Ok(())
}

fn wasm_bindgen_version() -> &'static str {
    // From the lock file, of which the build tool's own half is a part.
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    VERSION.get_or_init(|| {
        let lock = fs::read_to_string(crate::cache::checkout().join("Cargo.lock")).unwrap_or_default();
        let mut lines = lock.lines().skip_while(|line| *line != "name = \"wasm-bindgen-cli-support\"");
        lines.nth(1).unwrap_or_default().to_owned()
    })
}
