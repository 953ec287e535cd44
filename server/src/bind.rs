//! Taking an address, with words for what stands against it.

use std::{
    ffi::OsStr,
    fs, io,
    net::{IpAddr, SocketAddr},
};

use tokio::net::{TcpListener, TcpSocket};

use crate::failure::{Exit, Failure, Result};

/// Connections that wait to be accepted. After a restart thousands come at once.
const BACKLOG: u32 = 4096;

/// `flag` is what the advice names.
pub fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    listen(address).map_err(|cause| {
        let port = address.port();
        match cause.kind() {
            io::ErrorKind::AddrInUse => Failure::new(
                Exit::PortTaken,
                match owner(port) {
                    Some(owner) => format!("{address} is taken by {owner}"),
                    None => format!("{address} is taken by another program"),
                },
                format!("Stop that one, or choose another address: {flag} {}:0 takes any free port.", host(address)),
            ),
            io::ErrorKind::PermissionDenied => Failure::new(
                Exit::Config,
                format!("{address} may not be used by this user: {cause}"),
                format!("Choose a port above 1023 with {flag}, or give the program CAP_NET_BIND_SERVICE."),
            ),
            _ => Failure::new(
                Exit::Config,
                format!("{address} cannot be used: {cause}"),
                format!("Choose an address of this machine with {flag}; 0.0.0.0 means all of them."),
            ),
        }
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Else a restart would have to wait until the kernel has forgotten the last connections.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn host(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(four) => four.to_string(),
        IpAddr::V6(six) => format!("[{six}]"),
    }
}

/// Who listens on this port, as far as this system tells and this user may know.
fn owner(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| listening_inode(&table, port).map(str::to_owned))?;
    let socket = format!("socket:[{inode}]");
    // Besides processes there are names such as `self`.
    let is_process = |name: &OsStr| name.as_encoded_bytes().iter().all(u8::is_ascii_digit);
    let mut processes = fs::read_dir("/proc").ok()?.flatten().filter(|entry| is_process(&entry.file_name()));
    let process = processes.find(|process| {
        let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read_link(file.path()).ok()).any(|link| link.as_os_str() == socket.as_str())
    })?;
    let name = fs::read_to_string(process.path().join("comm")).ok()?;
    Some(format!("{} (process {})", name.trim(), process.file_name().to_string_lossy()))
}

/// Columns of the table: number, local address, remote address, state (0A: listening), five more, inode.
fn listening_inode(table: &str, port: u16) -> Option<&str> {
    let ending = format!(":{port:04X}");
    table.lines().find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let listening = columns.get(1)?.ends_with(&ending) && *columns.get(3)? == "0A";
        if listening { columns.get(9).copied() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_its_owner() {
        let first = bind(([127, 0, 0, 1], 0).into(), "--listen").expect("a port");
        let address = first.local_addr().expect("an address");
        let refused = bind(address, "--listen").expect_err("taken");
        assert_eq!(refused.exit, Exit::PortTaken);
        let text = refused.to_string();
        assert!(text.contains(&address.to_string()) && text.contains("--listen 127.0.0.1:0"), "{text}");
        if cfg!(target_os = "linux") {
            assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
        }
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_refused() {
        let refused = bind(([192, 0, 2, 1], 0).into(), "--demo-listen").expect_err("not ours");
        assert!(refused.to_string().contains("--demo-listen"), "{refused}");
    }
}
