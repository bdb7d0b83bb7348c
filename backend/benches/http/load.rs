//! Load over HTTP: keep-alive connections that send a request when the answer before has come.

use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What came of some load.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Answers a second, all connections together.
    pub a_second: f64,
    /// The median and the 99th percentile of the times an answer took, milliseconds.
    pub took_ms: [f64; 2],
}

/// Sends what `request` makes (by connection and count) for a while over so many connections.
/// Every answer must be 200.
pub async fn load(
    address: SocketAddr,
    connections: usize,
    lasting: Duration,
    request: impl Fn(usize, usize) -> Vec<u8> + Clone + Send + 'static,
) -> Reached {
    let mut senders = JoinSet::new();
    let begun = Instant::now();
    for connection in 0..connections {
        let request = request.clone();
        senders.spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("the server listens");
            stream.set_nodelay(true).expect("a socket");
            let (mut took, mut buffer) = (Vec::new(), Vec::with_capacity(16_384));
            while begun.elapsed() < lasting {
                let request = request(connection, took.len());
                let sent = Instant::now();
                stream.write_all(&request).await.expect("the server reads");
                answer(&mut stream, &mut buffer).await;
                took.push(sent.elapsed());
            }
            took
        });
    }
    let mut took: Vec<Duration> = senders.join_all().await.into_iter().flatten().collect();
    let a_second = took.len() as f64 / begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    Reached { a_second, took_ms: [at(0.5), at(0.99)] }
}

/// Reads one answer with a stated length.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.expect("the server answers");
        assert!(read > 0, "the server closed the connection");
        let Some(head) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).expect("a head in ASCII");
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .expect("an answer says how long it is");
        while buffer.len() < head + 4 + length {
            let read = stream.read_buf(buffer).await.expect("the server answers");
            assert!(read > 0, "the server closed the connection");
        }
        return;
    }
}

/// A GET. `who` asks is a line of the head, or nothing.
pub fn get(path: &str, who: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{who}\r\n").into_bytes()
}

/// A POST of JSON. `who` asks is a line of the head.
pub fn post(path: &str, who: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n{who}\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
