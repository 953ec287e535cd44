//! Closing so that the last answer arrives. A connection that is closed while the client still sends is reset, and the
//! reset overtakes the answer ("too large", say): the client would see a broken pipe instead. So the sending half is
//! closed first, and what still comes is read and thrown away, within bounds.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// What a client may still have on its way.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(1);

pub struct Lingering {
    stream: TcpStream,
    /// From the moment the sending half is closed.
    farewell: Option<Farewell>,
}

struct Farewell {
    deadline: Pin<Box<Sleep>>,
    read: usize,
}

impl Lingering {
    pub const fn new(stream: TcpStream) -> Self {
        Self { stream, farewell: None }
    }
}

impl AsyncRead for Lingering {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, farewell } = self.get_mut();
        if farewell.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
        }
        let farewell = farewell.get_or_insert_with(|| Farewell { deadline: Box::pin(sleep(LONGEST)), read: 0 });
        let mut scratch = [0; 4096];
        while farewell.read < MOST_BYTES && farewell.deadline.as_mut().poll(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut *stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => farewell.read += buffer.filled().len(),
                // The client has closed its half too, or is gone.
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
