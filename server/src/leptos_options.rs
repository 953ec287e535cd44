//! The Leptos options, embedded at compile time.

use std::net::SocketAddr;

use leptos::config::{LeptosOptions, get_config_from_str};

use crate::failure::{Exit, Failure, Result};

const FILE: &str = include_str!("../../Leptos.toml");

/// From Leptos.toml; our own address wins over the file's and over `LEPTOS_SITE_ADDR`.
pub fn read(listen: SocketAddr) -> Result<LeptosOptions> {
    let mut options = get_config_from_str(FILE).map_err(|cause| {
        Failure::new(
            Exit::Config,
            format!("the options of Leptos cannot be used: {cause}"),
            "Remove the LEPTOS_* variables from the environment.",
        )
    })?;
    options.site_addr = listen;
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_our_address_wins() {
        let listen = ([127, 0, 0, 1], 4711).into();
        let options = read(listen).expect("valid");
        assert_eq!(&*options.output_name, "app");
        assert_eq!(options.site_addr, listen);
    }
}
