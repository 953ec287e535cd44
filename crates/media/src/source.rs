//! Reading with a bounded buffer.

use std::io::{BufRead, BufReader, Read, Write};

use crate::{POLYGLOT, Trouble, scan::Scan};

const BUFFER: usize = 64 * 1024;

pub struct Source<R> {
    inner: BufReader<R>,
}

impl<R: Read> Source<R> {
    pub fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(BUFFER, inner) }
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Trouble> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub fn byte(&mut self) -> Result<u8, Trouble> {
        Ok(self.array::<1>()?[0])
    }

    /// As many as asked for. Callers ask for at most 64 KB.
    pub fn bytes(&mut self, count: usize) -> Result<Vec<u8>, Trouble> {
        let mut bytes = vec![0; count];
        self.inner.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The next bytes without taking them; empty at the end.
    pub fn peek(&mut self) -> Result<&[u8], Trouble> {
        loop {
            match self.inner.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.inner.buffer())
    }

    pub fn take(&mut self, count: usize) {
        self.inner.consume(count);
    }

    pub fn at_end(&mut self) -> Result<bool, Trouble> {
        Ok(self.peek()?.is_empty())
    }

    /// Hands the next `count` bytes on in pieces.
    pub fn each(&mut self, count: u64, mut on: impl FnMut(&[u8]) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let mut left = count;
        while left > 0 {
            let piece = self.peek()?;
            if piece.is_empty() {
                return Err(crate::DAMAGED);
            }
            let wanted = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            on(&piece[..wanted])?;
            self.take(wanted);
            left -= wanted as u64;
        }
        Ok(())
    }

    pub fn copy(&mut self, count: u64, to: &mut impl Write) -> Result<(), Trouble> {
        self.each(count, |piece| Ok(to.write_all(piece)?))
    }

    pub fn skip(&mut self, count: u64) -> Result<(), Trouble> {
        self.each(count, |_| Ok(()))
    }

    /// Everything that is left, handed on in pieces.
    pub fn rest(&mut self, mut on: impl FnMut(&[u8]) -> Result<(), Trouble>) -> Result<(), Trouble> {
        loop {
            let piece = self.peek()?;
            if piece.is_empty() {
                return Ok(());
            }
            on(piece)?;
            let taken = piece.len();
            self.take(taken);
        }
    }

    /// What follows the end of a picture is left out. Phones put films and second pictures there; a page, a script or
    /// an archive is somebody's intention.
    pub fn drop_rest(&mut self) -> Result<(), Trouble> {
        let mut scan = Scan::default();
        self.rest(|piece| {
            scan.feed(piece);
            Ok(())
        })?;
        if scan.found() { Err(POLYGLOT) } else { Ok(()) }
    }
}
