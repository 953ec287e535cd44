//! The two WebAssembly modules: compiled by cargo, given their JavaScript by wasm-bindgen, made small by wasm-opt.

use std::{fs, path::PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use super::{
    Mode, derived,
    node::Node,
    proc, shrink,
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
}

pub const DASHBOARD: Module =
    Module { package: "app", feature: "hydrate", title: "dashboard", exports: "default,hydrate" };
pub const WIDGET: Module = Module { package: "widget", feature: "client", title: "widget", exports: "default" };

/// A file for the browser: its plain name, and its bytes.
pub type File = (String, Vec<u8>);

/// `<package>.js` and `<package>_bg.wasm`. The script does not know the other's address: whoever imports it hands the
/// (hashed) address to its `init({ module_or_path })`.
pub fn build(module: &Module, mode: Mode, toolchain: &Toolchain, node: Option<&Node>) -> Result<Vec<File>> {
    let compiled =
        step(&format!("Compiling the {} for the browser", module.title), || compile(module, mode, toolchain))?;
    let wasm = fs::read(&compiled).or_fail(format!("{} cannot be read", compiled.display()), DISK)?;
    let small = node.filter(|_| mode == Mode::Release);
    let recipe = format!(
        "module 2 {} {mode:?} wasm-bindgen {} node {}",
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
    for name in [script, binary] {
        let bytes = fs::read(folder.join(&name))
            .or_fail(format!("{name} cannot be read"), "`cargo xtask clean-cache` starts afresh.")?;
        files.push((name, bytes));
    }
    Ok(files)
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
            .args(["--features", module.feature, "--target", "wasm32-unknown-unknown", "--profile", profile]),
        "The compiler's words are above.",
    )?;
    Ok(toolchain.target_folder().join("wasm32-unknown-unknown").join(profile).join(format!("{}.wasm", module.package)))
}

fn bind(module: &Module, wasm: Vec<u8>, mode: Mode, folder: &std::path::Path) -> Result<()> {
    let advice = "This is a fault of the build, not of your code; `cargo xtask clean-cache` may help.";
    let output = Bindgen::new().input_bytes(module.package, wasm).web(true).and_then(|bindgen| {
        bindgen
            .typescript(false)
            .omit_default_module_path(true)
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
    output.emit(folder).or_fail(format!("the {} cannot be written", module.title), DISK)
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
