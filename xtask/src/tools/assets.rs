//! Finished files of the site: hashed names, brotli and gzip, and the manifest from which the server embeds them.

use std::{
    collections::HashSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    Mode, derived,
    step::{DISK, Failure, OrFail, Result},
};

/// A file in the site folder, with its sizes in bytes as they travel.
pub struct Asset {
    /// What the server asks for: `app.js`.
    pub name: String,
    /// Where it lies in the site folder and under which name it is served: `app.3f9c….js`.
    pub path: String,
    sha256: String,
    raw: usize,
    pub br: usize,
    gz: usize,
}

/// The site folder while it is being filled.
pub struct Site {
    folder: PathBuf,
    mode: Mode,
    assets: Vec<Asset>,
    written: HashSet<PathBuf>,
}

impl Site {
    pub fn new(folder: PathBuf, mode: Mode) -> Self {
        Self { folder, mode, assets: Vec::new(), written: HashSet::new() }
    }

    /// A file that browsers may keep for ever, because its name changes with its content.
    pub fn add_hashed(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.add(name, hashed(name, bytes), bytes)
    }

    /// A file that is served under a stable address, or only as a part of something else.
    pub fn add_plain(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.add(name, name.to_owned(), bytes)
    }

    fn add(&mut self, name: &str, path: String, bytes: &[u8]) -> Result<()> {
        let br = brotli(bytes, self.mode)?;
        let gz = gzip(bytes)?;
        self.write(&path, bytes)?;
        self.write(&format!("{path}.br"), &br)?;
        self.write(&format!("{path}.gz"), &gz)?;
        self.assets.push(Asset {
            name: name.to_owned(),
            path,
            sha256: derived::sha256(bytes),
            raw: bytes.len(),
            br: br.len(),
            gz: gz.len(),
        });
        Ok(())
    }

    /// Writes the manifest, and removes what an earlier build left behind.
    pub fn finish(mut self) -> Result<Vec<Asset>> {
        self.assets.sort_by(|a, b| a.name.cmp(&b.name));
        let mut rows = Vec::new();
        for asset in &self.assets {
            let media = media_type(&asset.name)?;
            rows.push(json!({
                "name": asset.name, "path": asset.path, "type": media, "sha256": asset.sha256,
                "raw": asset.raw, "br": asset.br, "gz": asset.gz,
            }));
        }
        let manifest =
            serde_json::to_string_pretty(&Value::Array(rows)).or_fail("the manifest cannot be written", DISK)?;
        self.write("manifest.json", manifest.as_bytes())?;
        sweep(&self.folder, &self.written);
        Ok(self.assets)
    }

    /// Leaves a file alone that has this content already: its time tells cargo whether the server must be built anew.
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let file = self.folder.join(path);
        if !fs::read(&file).is_ok_and(|old| old == bytes) {
            let parent = file.parent().unwrap_or(&self.folder);
            fs::create_dir_all(parent).or_fail(format!("{} cannot be made", parent.display()), DISK)?;
            fs::write(&file, bytes).or_fail(format!("{} cannot be written", file.display()), DISK)?;
        }
        self.written.insert(file);
        Ok(())
    }
}

/// The name under which a file with this content is served.
pub fn hashed(name: &str, bytes: &[u8]) -> String {
    let hash = &derived::sha256(bytes)[..16];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

/// All files below a folder in a fixed order, with their paths relative to it (`icons/bell.svg`).
pub fn files_below(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    collect(folder, "", &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Editors leave their own files about.
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{relative}/"), found);
        } else {
            found.push((relative, entry.path()));
        }
    }
}

fn sweep(folder: &Path, keep: &HashSet<PathBuf>) {
    for (_, file) in files_below(folder) {
        if !keep.contains(&file) {
            let _ = fs::remove_file(file);
        }
    }
}

fn brotli(bytes: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let quality = match mode {
        Mode::Dev => 5,
        Mode::Release => 11,
    };
    derived::file(&format!("brotli {quality}"), bytes, || {
        let params =
            brotli::enc::BrotliEncoderParams { quality, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
        let mut out = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut out, &params).or_fail("brotli failed", DISK)?;
        Ok(out)
    })
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    derived::file("gzip 9", bytes, || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).or_fail("gzip failed", DISK)
    })
}

fn media_type(name: &str) -> Result<&'static str> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    Ok(match extension {
        "js" => "text/javascript",
        "wasm" => "application/wasm",
        "css" => "text/css",
        "html" => "text/html",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "txt" => "text/plain",
        _ => {
            return Err(Failure::new(
                format!("{name}: no media type is known for this kind of file"),
                "Add its extension to `media_type` in xtask/src/tools/assets.rs, or move the file elsewhere.",
            ));
        }
    })
}
