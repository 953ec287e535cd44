//! A module and its script made small together: wasm-opt gives short names to what they call each other by, and the
//! script has to follow.

use std::{collections::HashMap, fs, path::Path};

use super::{
    modules::chunks_in,
    node::Node,
    split::LOADERS,
    step::{DISK, Failure, OrFail, Result},
};

const ADVICE: &str = "wasm-bindgen or wasm-opt have changed their form; xtask/src/tools/shrink.rs has to follow.";

/// What wasm-opt calls the one module that is imported from.
const SHORT_MODULE: &str = "a";

/// In place: `<package>.js`, `<package>_bg.wasm` and the chunks.
pub fn shrink(node: &Node, folder: &Path, package: &str, exports: &str) -> Result<()> {
    let binary = folder.join(format!("{package}_bg.wasm"));
    let full = folder.join("full.wasm");
    fs::rename(&binary, &full).or_fail("the module cannot be moved", DISK)?;
    let map = node.wasm_opt(&full, &binary)?;
    fs::remove_file(full).or_fail("the module cannot be moved", DISK)?;
    for (_, chunk) in chunks_in(folder, package) {
        node.wasm_opt_chunk(&chunk, &chunk)?;
    }

    let script = folder.join(format!("{package}.js"));
    let text = fs::read_to_string(&script).or_fail("the script cannot be read", DISK)?;
    let text = renamed(&text, &map, package)?;
    fs::write(&script, text).or_fail("the script cannot be written", DISK)?;
    let small = node.minify_module(&script, exports)?;
    fs::write(script, small).or_fail("the script cannot be written", DISK)
}

/// wasm-bindgen's script with the short names. Whatever it is not sure of is a failure: a name that is missed here would
/// be found only by whoever opens the page.
fn renamed(script: &str, map: &str, package: &str) -> Result<String> {
    let unlike = || Failure::new("wasm-opt's map of names is not what it was", ADVICE);
    let map: HashMap<String, Vec<Vec<String>>> = serde_json::from_str(map).map_err(|_| unlike())?;
    let (imports, exports) = map.get("imports").zip(map.get("exports")).ok_or_else(unlike)?;

    let module = format!("./{package}_bg.js");
    // The loaders come from the same short module now.
    let loaders = format!("\"{module}\": import0,\n        \"{LOADERS}\": {{");
    let mut script = if script.contains(LOADERS) {
        once(script, &loaders, &format!("\"{SHORT_MODULE}\": {{ ...import0,"))?
    } else {
        once(script, &format!("\"{module}\": "), &format!("\"{SHORT_MODULE}\": "))?
    };
    for import in imports {
        let [from, name, short] = import.as_slice() else { return Err(unlike()) };
        if *from != module && *from != LOADERS {
            return Err(Failure::new(format!("{name} is imported from {from}, not from {module}"), ADVICE));
        }
        script = once(&script, &format!("    {name}: "), &format!("    \"{short}\": "))?;
    }
    let exports = exports.iter().map(|export| match export.as_slice() {
        [name, short] => Ok((name.as_str(), short.as_str())),
        _ => Err(unlike()),
    });
    rename_exports(&script, &exports.collect::<Result<_>>()?)
}

/// Replaces what must be there exactly once.
fn once(script: &str, old: &str, new: &str) -> Result<String> {
    match script.matches(old).count() {
        1 => Ok(script.replacen(old, new, 1)),
        count => Err(Failure::new(format!("the script has `{}` {count} times", old.trim()), ADVICE)),
    }
}

/// Every `wasm.name`; the exports are reached in no other way.
fn rename_exports(script: &str, map: &HashMap<&str, &str>) -> Result<String> {
    let as_known = script.contains("wasm = instance.exports;") && !script.contains("wasm[");
    if !as_known || script.matches(".exports").count() != 1 {
        return Err(Failure::new("the script does not take the module's exports as it did", ADVICE));
    }
    let of_a_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut renamed = String::with_capacity(script.len());
    let mut rest = script;
    while let Some((before, after)) = rest.split_once("wasm.") {
        renamed.push_str(before);
        renamed.push_str("wasm.");
        let end = after.find(|c| !of_a_name(c)).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        // Not the end of another name, and not a file's.
        let ours = !before.ends_with(of_a_name);
        renamed.push_str(match map.get(name) {
            Some(short) if ours => short,
            None if ours => return Err(Failure::new(format!("the module exports no `{name}`"), ADVICE)),
            _ => name,
        });
        rest = after;
    }
    renamed.push_str(rest);
    Ok(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"
function start() { wasm.start(); }
const import0 = {
    __proto__: null,
    __wbg_get_1: function(a) { return malloc(a, wasm.__wbindgen_malloc, wasm.start2); },
};
return { __proto__: null, "./widget_bg.js": import0 };
let wasm;
wasm = instance.exports;
"#;
    const MAP: &str = r#"{"imports":[["./widget_bg.js","__wbg_get_1","$"]],
        "exports":[["start","b"],["start2","c"],["__wbindgen_malloc","d"]]}"#;

    #[test]
    fn the_script_follows_the_module() {
        let script = renamed(SCRIPT, MAP, "widget").expect("fits");
        assert!(script.contains(r#""$": function(a) { return malloc(a, wasm.d, wasm.c); }"#), "{script}");
        assert!(script.contains("wasm.b();") && script.contains(r#""a": import0"#), "{script}");
    }

    #[test]
    fn what_does_not_fit_fails_the_build() {
        let without = |part: &str| renamed(&SCRIPT.replace(part, ""), MAP, "widget");
        assert!(without("__wbg_get_1: ").is_err(), "an import that the script does not have");
        assert!(without("\"./widget_bg.js\": ").is_err(), "no object of imports");
        assert!(without("wasm = instance.exports;").is_err(), "exports in another way");
        assert!(renamed(SCRIPT, MAP, "app").is_err(), "another module");
        assert!(renamed(SCRIPT, &MAP.replace("\"start2\"", "\"start3\""), "widget").is_err(), "an export that is gone");
        assert!(renamed(SCRIPT, "", "widget").is_err(), "no map");
        let twice = SCRIPT.replace("    __proto__: null,", "    __wbg_get_1: 1,");
        assert!(renamed(&twice, MAP, "widget").is_err(), "a key that is there twice");
    }
}
