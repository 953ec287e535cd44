//! Just enough HTTP to fetch a page from a server on this machine and count its bytes as they travel.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::step::{Failure, OrFail, Result};

const ADVICE: &str = "The server's log above may say why.";

pub struct Response {
    pub status: u16,
    /// The names are in lower case.
    headers: Vec<(String, String)>,
    /// As it travelled, that is compressed, if it was; only chunks are put together.
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The text of an uncompressed answer.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Fetches `http://host:port/path`, following redirects on the same server.
pub fn get(url: &str, accept_encoding: &str) -> Result<Response> {
    let mut url = url.to_owned();
    for _ in 0..5 {
        let (host, path) = split(&url)?;
        let response = exchange(host, path, accept_encoding).or_fail(format!("{url} cannot be fetched"), ADVICE)?;
        match (response.status, response.header("location")) {
            (200, _) => return Ok(response),
            (301 | 302 | 303 | 307 | 308, Some(to)) => {
                url = if to.starts_with('/') { format!("http://{host}{to}") } else { to.to_owned() };
            }
            (status, _) => return Err(Failure::new(format!("{url} answered {status}"), ADVICE)),
        }
    }
    Err(Failure::new(format!("{url} redirects in a circle"), ADVICE))
}

fn split(url: &str) -> Result<(&str, &str)> {
    let rest = url.strip_prefix("http://").ok_or_else(|| Failure::new(format!("{url} is no http address"), ADVICE))?;
    Ok(rest.find('/').map_or((rest, "/"), |at| rest.split_at(at)))
}

fn exchange(host: &str, path: &str, accept_encoding: &str) -> std::io::Result<Response> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: text/html,*/*\r\naccept-encoding: {accept_encoding}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes).ok_or_else(|| std::io::Error::other("the answer is not HTTP"))
}

fn parse(bytes: &[u8]) -> Option<Response> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut response = Response { status, headers, body: bytes[end + 4..].to_vec() };
    if response.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        response.body = unchunk(&response.body)?;
    }
    Some(response)
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 2 + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together() {
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\n\r\n";
        let response = parse(answer).expect("an answer");
        assert_eq!((response.status, response.text().as_str()), (200, "Wikipedia"));
    }

    #[test]
    fn a_cut_off_answer_is_refused() {
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nWiki").is_none());
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_none());
    }
}
