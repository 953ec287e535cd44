//! A module cut at its `#[lazy]` functions: the part that a page begins with, and chunks that the browser loads when one of
//! those functions is first called.

use std::{fs, path::Path};

use super::{
    modules::File,
    step::{DISK, Failure, OrFail, Result},
    unused,
};

/// What the first part imports its loaders from, until they stand in its own script.
pub const LOADERS: &str = "./__wasm_split.js";

pub struct Split {
    /// The part that comes first, still without its script.
    pub main: Vec<u8>,
    pub chunks: Vec<File>,
    /// JavaScript that loads the chunks, in terms of the variable `wasm` of wasm-bindgen's script.
    loaders: String,
}

/// `wasm` must have been linked with `--emit-relocs`. Files are left in `folder` while it works.
pub fn split(wasm: &[u8], folder: &Path) -> Result<Split> {
    let (out, main) = (folder.join("split"), folder.join("split-main.wasm"));
    fs::create_dir_all(&out).or_fail(format!("{} cannot be made", out.display()), DISK)?;
    let mut options = wasm_split_cli_support::Options::new(wasm);
    options.output_dir = &out;
    options.main_out_path = &main;
    options.link_name = LOADERS;
    let done = wasm_split_cli_support::transform(options);
    let done = done.map_err(|cause| Failure::new(format!("the module cannot be split: {cause}"), ADVICE))?;
    let read = |path: &Path| fs::read(path).or_fail(format!("{} cannot be read", path.display()), DISK);
    let mut chunks = Vec::new();
    for path in done.split_modules {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        chunks.push((name, unused::emptied(&read(&path)?)?));
    }
    chunks.sort();
    let script = String::from_utf8(read(&out.join(LOADERS))?).map_err(|_| unlike())?;
    let split = Split { main: unused::emptied(&read(&main)?)?, chunks, loaders: loaders(&script)? };
    fs::remove_dir_all(&out)
        .and_then(|()| fs::remove_file(&main))
        .or_fail("temporary files cannot be removed", DISK)?;
    Ok(split)
}

const ADVICE: &str = "wasm-split or wasm-bindgen have changed their form; xtask/src/tools/split.rs has to follow.";

fn unlike() -> Failure {
    Failure::new("the script that loads chunks is not what it was", ADVICE)
}

/// The loaders as a part of wasm-bindgen's own script: an import of each other's hashed names would have no beginning.
fn loaders(script: &str) -> Result<String> {
    let script = script.lines().filter(|line| !line.starts_with("import ")).collect::<Vec<_>>().join("\n");
    // `const { a, b, } = initSync(…);` and what is done with them.
    let (before, rest) = script.split_once("const { ").ok_or_else(unlike)?;
    let (names, rest) = rest.split_once("} = initSync(undefined, undefined);").ok_or_else(unlike)?;
    let (_, after) = rest.split_once(");").ok_or_else(unlike)?;
    let shared: Vec<_> = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| format!("{name}: wasm.{name}"))
        .collect();
    let script = format!("{before}Object.assign(sharedImports.__wasm_split, {{ {} }});{after}", shared.join(", "));
    Ok(script.replace("export const ", "const "))
}

impl Split {
    /// wasm-bindgen's script with the loaders in it.
    pub fn with_loaders(&self, script: &str) -> Result<String> {
        // One import for each loader, all of them from the same place.
        let imported = |line: &&str| line.starts_with("import ") && line.contains(LOADERS);
        let names: Vec<_> = script.lines().filter(imported).filter_map(|line| line.split_whitespace().nth(3)).collect();
        let mut script = script.lines().filter(|line| !imported(line)).collect::<Vec<_>>().join("\n");
        let each =
            self.loaders.lines().filter_map(|line| line.strip_prefix("const ")?.split_once(' ')).map(|(name, _)| name);
        let each = each.filter(|name| name.starts_with("__wasm_split_load_"));
        let mut object = format!(
            "\"{LOADERS}\": {{\n{}    }},",
            each.map(|name| format!("    {name}: {name},\n")).collect::<Vec<_>>().concat()
        );
        for name in names {
            let used = format!("\"{LOADERS}\": {name},");
            if script.matches(&used).count() != 1 {
                return Err(unlike());
            }
            script = script.replacen(&used, &std::mem::take(&mut object), 1);
        }
        Ok(format!("{script}\n{}\n", self.loaders))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = r#"import { initSync } from "./main.js";

let sharedImports = undefined;
function getSharedImports() {
        sharedImports = { __wasm_split: {  } };
        const { memory, table,  } = initSync(undefined, undefined);
        Object.assign(sharedImports.__wasm_split, { memory, table,  });
    return sharedImports;
}
export const __wasm_split_load_desk_1 = wrapAsyncCb(makeLoad(() => fetch("./split_desk_1.wasm"), []));
export const __wasm_split_load_chat_2 = wrapAsyncCb(makeLoad(() => fetch("./split_chat_2.wasm"), []));"#;
    const SCRIPT: &str = r#"import * as import1 from "./__wasm_split.js"
import * as import2 from "./__wasm_split.js"
const imports = {
        "./app_bg.js": import0,
        "./__wasm_split.js": import1,
        "./__wasm_split.js": import2,
};"#;

    #[test]
    fn the_loaders_stand_in_the_script_itself() {
        let split = Split { main: Vec::new(), chunks: Vec::new(), loaders: loaders(LINK).expect("as it is") };
        let script = split.with_loaders(SCRIPT).expect("as it is");
        assert!(!script.contains("import *") && !script.contains("initSync") && !script.contains("export"), "{script}");
        assert_eq!(script.matches(LOADERS).count(), 1, "{script}");
        assert!(script.contains("    __wasm_split_load_desk_1: __wasm_split_load_desk_1,\n"), "{script}");
        assert!(script.contains("{ memory: wasm.memory, table: wasm.table }"), "{script}");
    }

    #[test]
    fn what_does_not_fit_fails_the_build() {
        assert!(loaders(&LINK.replace("initSync(undefined, undefined)", "instance()")).is_err());
        let split = Split { main: Vec::new(), chunks: Vec::new(), loaders: loaders(LINK).expect("as it is") };
        assert!(split.with_loaders(&SCRIPT.replace("__wasm_split.js\": import2", "other.js\": import2")).is_err());
    }
}
