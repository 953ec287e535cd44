//! Style sheets: `@import`s bundled, nesting lowered for older browsers, minified.

use std::path::Path;

use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Features, Targets},
};

use super::step::{OrFail, Result};

/// The oldest browsers that are served well: those with `oklch`, `color-mix` and cascade layers, of spring 2023. Asking
/// for older ones writes every colour three times. Nesting and `light-dark` are younger, and lowered.
const OLDEST: Browsers = Browsers {
    chrome: Some(version(111, 0)),
    edge: Some(version(111, 0)),
    firefox: Some(version(113, 0)),
    safari: Some(version(16, 4)),
    ios_saf: Some(version(16, 4)),
    android: None,
    ie: None,
    opera: None,
    samsung: None,
};

const fn version(major: u32, minor: u32) -> u32 {
    major << 16 | minor << 8
}

pub fn bundle(sheet: &Path) -> Result<String> {
    // Lowering `light-dark` puts two variables beside every `color-scheme`, which nobody reads where it is not used.
    let without = compile(sheet, Features::LightDark)?;
    if without.contains("light-dark(") { compile(sheet, Features::empty()) } else { Ok(without) }
}

fn compile(sheet: &Path, as_it_is: Features) -> Result<String> {
    let advice = "The message names file and line.";
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut style = bundler.bundle(sheet).or_fail(format!("{} has an error", sheet.display()), advice)?;
    let targets = Targets { browsers: Some(OLDEST), exclude: as_it_is, ..Targets::default() };
    style
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .or_fail(format!("{} has an error", sheet.display()), advice)?;
    let printed = style
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .or_fail(format!("{} has an error", sheet.display()), advice)?;
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, fs, path::Path};

    /// Two sheets that give the same class its layout fight over it without anybody noticing. Rules for paper and for
    /// small screens come on top of others by intent.
    #[test]
    fn a_class_is_laid_out_in_one_sheet() {
        let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
        for folder in ["console", "widget"] {
            let mut first: HashMap<String, String> = HashMap::new();
            for sheet in fs::read_dir(style.join(folder)).expect("the folder").map(|entry| entry.expect("an entry")) {
                let name = sheet.file_name().into_string().expect("a name");
                if name == "print.css" {
                    continue;
                }
                let text = fs::read_to_string(sheet.path()).expect("a sheet");
                let bases = text.lines().filter_map(|line| line.split_once(" {")).map(|(selector, _)| selector);
                for class in bases.filter(|one| one.starts_with('.') && !one.contains([' ', ':', '[', '>'])) {
                    let before = first.insert(class.to_owned(), name.clone());
                    assert!(before.is_none_or(|sheet| sheet == name), "{class} is laid out in {name} and elsewhere");
                }
            }
        }
    }
}
