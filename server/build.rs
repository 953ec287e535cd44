//! Embeds the files made for browsers: writes a table with `include_bytes!` for every row of the site's manifest.
//!
//! `DESKBELL_SITE` names the site folder (the build tool has one per profile); without it `target/site` is taken. A
//! missing manifest is no error: the server can be compiled and tested before the browser's files were ever built.
//!
//! The files are copied aside and embedded from there: the site may be built anew while the compiler is at work.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=DESKBELL_SITE");
    let site = match env::var_os("DESKBELL_SITE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/site"),
    };
    let manifest = site.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let manifest = match fs::read_to_string(&manifest) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => Value::Array(Vec::new()),
    };
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let copies = out.join("site");
    if copies.exists() {
        fs::remove_dir_all(&copies)?;
    }
    fs::write(out.join("assets.rs"), table(&site, &copies, &manifest)?)?;
    Ok(())
}

fn table(site: &Path, copies: &Path, manifest: &Value) -> Result<String, Box<dyn Error>> {
    let mut rows: Vec<_> = manifest.as_array().ok_or("the manifest is no list")?.iter().collect();
    // Looked up by halving.
    rows.sort_by_key(|row| row["path"].as_str().unwrap_or_default().to_owned());
    let mut source = String::from("static TABLE: &[Asset] = &[\n");
    for row in rows {
        let text = |key: &str| row[key].as_str().ok_or_else(|| format!("a row of the manifest lacks `{key}`: {row}"));
        let (name, path) = (text("name")?, text("path")?);
        let (media, sha256) = (text("type")?, text("sha256")?);
        writeln!(source, "Asset {{ name: {name:?}, path: {path:?}, media: {media:?}, sha256: {sha256:?},")?;
        let (file, raw) = copy(site, copies, path)?;
        writeln!(source, "raw: include_bytes!({file:?}),")?;
        for (field, extension) in [("br", "br"), ("gzip", "gz")] {
            match copy(site, copies, &format!("{path}.{extension}")) {
                // Pictures hardly shrink: packing them would only cost the browser time.
                Ok((file, packed)) if packed < raw => writeln!(source, "{field}: Some(include_bytes!({file:?})),")?,
                _ => writeln!(source, "{field}: None,")?,
            }
        }
        source.push_str("},\n");
    }
    source.push_str("];\n");
    Ok(source)
}

/// Where the copy is, and its size.
fn copy(site: &Path, copies: &Path, path: &str) -> Result<(String, u64), Box<dyn Error>> {
    let (from, to) = (site.join(path), copies.join(path));
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let bytes = fs::copy(&from, &to).map_err(|cause| format!("{}: {cause}", from.display()))?;
    Ok((to.to_str().ok_or("the path of the build folder is not UTF-8")?.to_owned(), bytes))
}
