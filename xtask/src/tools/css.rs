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
