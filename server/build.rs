//! Embeds the files made for browsers: writes a table with `include_bytes!` for every row of the site's manifest.
//!
//! `DESKBELL_SITE` names the site folder (the build tool has one per profile); without it `target/site` is taken. A
//! missing manifest is no error: the server can be compiled and tested before the browser's files were ever built.

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
    let table = match fs::read_to_string(&manifest) {
        Ok(text) => table(&site.canonicalize()?, &serde_json::from_str(&text)?)?,
        Err(_) => table(&site, &Value::Array(Vec::new()))?,
    };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("assets.rs"), table)?;
    Ok(())
}

fn table(site: &Path, manifest: &Value) -> Result<String, Box<dyn Error>> {
    let mut rows: Vec<_> = manifest.as_array().ok_or("the manifest is no list")?.iter().collect();
    // Looked up by halving.
    rows.sort_by_key(|row| row["path"].as_str().unwrap_or_default().to_owned());
    let mut source = String::from("static TABLE: &[Asset] = &[\n");
    for row in rows {
        let text = |key: &str| row[key].as_str().ok_or_else(|| format!("a row of the manifest lacks `{key}`: {row}"));
        let (name, path) = (text("name")?, text("path")?);
        let file = site.join(path);
        writeln!(
            source,
            "Asset {{ name: {name:?}, path: {path:?}, media: {:?}, sha256: {:?},",
            text("type")?,
            text("sha256")?
        )?;
        writeln!(source, "raw: include_bytes!({file:?}),")?;
        let raw = fs::metadata(&file).map_err(|cause| format!("{}: {cause}", file.display()))?.len();
        for (field, extension) in [("br", "br"), ("gzip", "gz")] {
            let packed = site.join(format!("{path}.{extension}"));
            // Pictures hardly shrink: packing them would only cost the browser time.
            let smaller = fs::metadata(&packed).is_ok_and(|packed| packed.len() < raw);
            if smaller {
                writeln!(source, "{field}: Some(include_bytes!({packed:?})),")?;
            } else {
                writeln!(source, "{field}: None,")?;
            }
        }
        source.push_str("},\n");
    }
    source.push_str("];\n");
    Ok(source)
}
