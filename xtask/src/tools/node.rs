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
    /// Smaller and quicker wasm; the features are those that rustc's target has anyway.
    pub fn wasm_opt(&self, input: &Path, output: &Path) -> Result<()> {
        let features =
            ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
        proc::output(
            Command::new(self.bin.join("wasm-opt"))
                .args(["-Oz", "--strip-debug", "--strip-producers"])
                .args(features.map(|feature| format!("--enable-{feature}")))
                .arg(input)
                .arg("-o")
                .arg(output),
            "Remove the node folder in the cache folder and try again.",
        )
        .map(drop)
    }

    /// The same JavaScript in fewer bytes, with what it imports from files beside it.
    pub fn minify(&self, script: &Path, module: bool) -> Result<Vec<u8>> {
        let mut esbuild = Command::new(self.bin.join("esbuild"));
        esbuild.arg(script).args(["--minify", "--target=es2022", "--legal-comments=none", "--log-level=warning"]);
        if module {
            esbuild.args(["--bundle", "--format=esm"]);
        }
        proc::output(&mut esbuild, "The script has an error; esbuild names its line above.").map(String::into_bytes)
    }
}
