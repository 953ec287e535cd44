//! Programs from npm that make the browser's files smaller: wasm-opt and esbuild. Nothing needs them; without node the
//! files are only larger.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    derived, proc,
    step::{DISK, OrFail, Result, note, step},
};
use crate::cache;

const PACKAGE: &str = include_str!("../../node/package.json");
const LOCK: &str = include_str!("../../node/package-lock.json");

pub struct Node {
    bin: PathBuf,
    /// Changes with any version; part of the recipe of what these programs make.
    pub version: String,
}

/// The programs, installed when node is there.
pub fn ensure() -> Option<Node> {
    if proc::find("npm").is_none() {
        note("no node here: the browser's files stay larger than they need be (https://nodejs.org)");
        return None;
    }
    let version = derived::sha256(LOCK.as_bytes())[..12].to_owned();
    let folder = cache::folder().join(format!("node-{version}"));
    let node = Node { bin: folder.join("node_modules/.bin"), version };
    if node.bin.join("wasm-opt").exists() && node.bin.join("esbuild").exists() {
        return Some(node);
    }
    let installed = step("Installing wasm-opt and esbuild, once per machine", || {
        fs::create_dir_all(&folder).or_fail(format!("{} cannot be made", folder.display()), DISK)?;
        for (name, text) in [("package.json", PACKAGE), ("package-lock.json", LOCK)] {
            fs::write(folder.join(name), text).or_fail(format!("{name} cannot be written"), DISK)?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder);
        proc::output(&mut npm, "").map(drop)
    });
    match installed {
        Ok(()) => Some(node),
        Err(failure) => {
            note(format!("{failure}\n  Going on without: the browser's files stay larger than they need be"));
            None
        }
    }
}

impl Node {
    /// Smaller and quicker wasm; the features are those that rustc's target has anyway. Returns the map from the names
    /// that module and script call each other by to the short ones that the module has now.
    ///
    /// Not `--traps-never-happen`: a tenth of a kilobyte is no price for a panic that goes on with whatever is in memory.
    pub fn wasm_opt(&self, input: &Path, output: &Path) -> Result<String> {
        self.wasm_opt_chunk(input, output)?;
        // By itself: `--converge` would repeat it, and print a map of the names that are short already.
        self.wasm_opt_pass(output, output, &["--minify-imports-and-exports-and-modules", "--strip-target-features"])
    }

    /// The same of a chunk, which keeps its names: it is instantiated with the first part's own exports.
    pub fn wasm_opt_chunk(&self, input: &Path, output: &Path) -> Result<()> {
        self.wasm_opt_pass(input, output, &["-Oz", "--converge", "--strip-debug", "--strip-producers"]).map(drop)
    }

    fn wasm_opt_pass(&self, from: &Path, to: &Path, options: &[&str]) -> Result<String> {
        let features =
            ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
        proc::output(
            Command::new(self.bin.join("wasm-opt"))
                .args(options)
                .args(features.map(|feature| format!("--enable-{feature}")))
                .arg(from)
                .arg("-o")
                .arg(to),
            "Remove the node folder in the cache folder and try again.",
        )
    }

    /// The same JavaScript in fewer bytes.
    pub fn minify(&self, script: &Path) -> Result<Vec<u8>> {
        let mut esbuild = self.esbuild();
        esbuild.arg(script);
        proc::output(&mut esbuild, "The script has an error; esbuild names its line above.").map(String::into_bytes)
    }

    /// Of a module's script, only these exports and what they need.
    pub fn minify_module(&self, script: &Path, exports: &str) -> Result<Vec<u8>> {
        let entry = script.with_extension("entry.js");
        let name = script.file_name().unwrap_or_default().display();
        fs::write(&entry, format!("export{{{exports}}}from\"./{name}\""))
            .or_fail(format!("{} cannot be written", entry.display()), DISK)?;
        let mut esbuild = self.esbuild();
        esbuild.arg(&entry).args(["--bundle", "--format=esm"]);
        let small = proc::output(&mut esbuild, "The script has an error; esbuild names its line above.");
        let _ = fs::remove_file(entry);
        small.map(String::into_bytes)
    }

    fn esbuild(&self) -> Command {
        let mut esbuild = Command::new(self.bin.join("esbuild"));
        esbuild.args(["--minify", "--target=es2022", "--legal-comments=none", "--log-level=warning"]);
        esbuild
    }
}
