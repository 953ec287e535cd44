//! A compiler for the browser: rustup's wasm32 standard library, or one that is built here from Debian's source.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    proc,
    step::{DISK, Failure, OrFail, Result, step},
    system,
};
use crate::cache;

const TARGET: &str = "wasm32-unknown-unknown";
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const STD_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

/// How to compile for the browser on this machine.
pub enum Toolchain {
    /// The compiler in use has the target's standard library.
    Installed { version: String },
    /// The distribution's compiler, with a standard library built from its source package.
    Built { version: String, sysroot: PathBuf, linker: PathBuf },
}

impl Toolchain {
    /// Cargo set up for the browser. The flags name `erase_components` again, because flags for one target replace
    /// those of `.cargo/config.toml`.
    pub fn cargo(&self) -> Command {
        let mut command = match self {
            Self::Installed { .. } => proc::cargo(),
            Self::Built { linker, .. } => {
                let mut command = distribution_cargo();
                command.current_dir(cache::checkout()).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        let mut flags = String::from("--cfg erase_components");
        if let Self::Built { sysroot, .. } = self {
            flags.push_str(" --sysroot=");
            flags.push_str(&sysroot.to_string_lossy());
        }
        command
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("CARGO_TARGET_DIR", self.target_folder());
        command
    }

    /// One for each standard library: cargo does not notice when only that changes.
    pub fn target_folder(&self) -> PathBuf {
        cache::folder().join(match self {
            Self::Installed { version } => format!("target-wasm-{version}"),
            // The same version may be there both ways.
            Self::Built { version, .. } => format!("target-wasm-{version}-built"),
        })
    }
}

/// Finds a way, installing what is missing.
pub fn ensure() -> Result<Toolchain> {
    if let Some(installed) = installed() {
        return Ok(installed);
    }
    // Before rustup is asked: where it has no network, each asking would take its time again.
    if let Some(built) = built() {
        return Ok(built);
    }
    if proc::find("rustup").is_some() {
        let added = step("Adding the wasm32 standard library with rustup", || {
            proc::output(Command::new("rustup").args(["target", "add", TARGET]).current_dir(cache::checkout()), "")
        });
        if added.is_ok()
            && let Some(installed) = installed()
        {
            return Ok(installed);
        }
        super::step::note("rustup could not; building it from the distribution's source instead");
    }
    install_parts()?;
    let sysroot = step("Building the wasm32 standard library, once per machine (about a minute)", build_std)?;
    let linker = linker().ok_or_else(|| Failure::new("wasm-ld is missing", "Install the package lld."))?;
    Ok(Toolchain::Built { version: version(RUSTC)?, sysroot, linker })
}

fn installed() -> Option<Toolchain> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot =
        proc::output(Command::new(&rustc).args(["--print", "sysroot"]).current_dir(cache::checkout()), "").ok()?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    if !has_std(&library) {
        return None;
    }
    Some(Toolchain::Installed { version: version(&rustc.to_string_lossy()).ok()? })
}

fn built() -> Option<Toolchain> {
    let version = version(RUSTC).ok()?;
    let sysroot = sysroot(&version);
    has_std(&library(&sysroot)).then_some(())?;
    Some(Toolchain::Built { version, sysroot, linker: linker()? })
}

fn has_std(library: &Path) -> bool {
    fs::read_dir(library)
        .is_ok_and(|mut files| files.any(|f| f.is_ok_and(|f| f.file_name().to_string_lossy().starts_with("libstd-"))))
}

fn sysroot(version: &str) -> PathBuf {
    cache::folder().join(format!("wasm-sysroot-{version}"))
}

fn library(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// `1.96.0`, and for the distribution's compiler that is all there is to tell two of them apart.
fn version(rustc: &str) -> Result<String> {
    let words = proc::output(
        Command::new(rustc).arg("--version").current_dir(cache::checkout()),
        "Install Rust from https://rustup.rs.",
    )?;
    Ok(words.split_whitespace().nth(1).unwrap_or("unknown").to_owned())
}

/// The newest `wasm-ld` of the distribution.
fn linker() -> Option<PathBuf> {
    let number = |path: &Path| -> u32 {
        path.file_name().and_then(|n| n.to_str()?.rsplit_once("wasm-ld-")?.1.parse().ok()).unwrap_or(0)
    };
    fs::read_dir("/usr/bin")
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("wasm-ld")))
        .max_by_key(|path| number(path))
}

fn install_parts() -> Result<()> {
    let mut missing = Vec::new();
    let have_compiler = Path::new(RUSTC).exists() && Path::new(CARGO).exists() && Path::new(STD_SOURCE).exists();
    // Debian keeps a current compiler for building browsers beside the release's own old one.
    let web = !have_compiler && (system::has_package("rustc-web") || !system::has_package("rust-src"));
    if !have_compiler {
        missing.extend(if web { ["rustc-web", "cargo-web", "rust-web-src"] } else { ["rustc", "cargo", "rust-src"] });
    }
    let lld = newest_lld();
    if linker().is_none() {
        missing.push(&lld);
    }
    if missing.is_empty() {
        return Ok(());
    }
    system::install("for compiling to WebAssembly", &missing)
}

fn newest_lld() -> String {
    let names = proc::output(Command::new("apt-cache").args(["search", "--names-only", "^lld-[0-9]+$"]), "")
        .unwrap_or_default();
    names
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.strip_prefix("lld-")?.parse::<u32>().ok())
        .max()
        .map_or_else(|| "lld".to_owned(), |n| format!("lld-{n}"))
}

/// The distribution's cargo, which must not meet the rustup proxies that come first on the PATH.
fn distribution_cargo() -> Command {
    let mut command = Command::new(CARGO);
    command.env("RUSTC", RUSTC).env_remove("RUSTUP_TOOLCHAIN").env_remove("LD_LIBRARY_PATH").env_remove("CARGO");
    command
}

/// Compiles std for an empty crate and keeps its parts as a sysroot, so that all later builds are ordinary stable ones.
fn build_std() -> Result<PathBuf> {
    let version = version(RUSTC)?;
    let work = proc::TempFolder::new("wasm-std")?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2021\"\n[lib]\npath = \"empty.rs\"\n[workspace]\n\
                    [profile.release]\nopt-level = \"z\"\ncodegen-units = 1\npanic = \"abort\"\ndebug = false\n";
    let write = |name: &str, text: &str| {
        fs::write(work.path().join(name), text).or_fail(format!("{name} cannot be written"), DISK)
    };
    write("Cargo.toml", manifest)?;
    write("empty.rs", "#![no_std]\n")?;
    proc::run(
        distribution_cargo()
            .args(["build", "--quiet", "--release", "--target", TARGET])
            .args(["-Zbuild-std=std,panic_abort,proc_macro", "-Zbuild-std-features=optimize_for_size"])
            // -Z on a stable compiler, for this one build only; bitcode, or a later link-time optimisation fails.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("CARGO_TARGET_DIR", work.path().join("target"))
            .current_dir(work.path()),
        "With network, `rustup target add wasm32-unknown-unknown` does without this step.",
    )?;
    let parts = work.path().join("target").join(TARGET).join("release/deps");
    let sysroot = sysroot(&version);
    // Filled aside and renamed: a half-filled folder would look finished to the next run.
    let half = cache::folder().join(format!("wasm-sysroot-{version}-half"));
    let _ = fs::remove_dir_all(&half);
    let library = library(&half);
    fs::create_dir_all(&library).or_fail(format!("{} cannot be made", library.display()), DISK)?;
    for part in fs::read_dir(&parts).or_fail("the compiled std cannot be read", DISK)?.flatten() {
        let name = part.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|e| e == "rlib") && !name.starts_with("libempty-") {
            fs::copy(part.path(), library.join(&name)).or_fail(format!("{name} cannot be copied"), DISK)?;
        }
    }
    let _ = fs::remove_dir_all(&sysroot);
    fs::rename(&half, &sysroot).or_fail(format!("{} cannot be put in place", sysroot.display()), DISK)?;
    Ok(sysroot)
}
