//! Files in chats, from the first byte to the address, and everything that is refused.

mod house;

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use domain::{AttachmentId, EventKind, FileFault, Media, SessionId, Span};
use futures::{StreamExt, stream};
use image::{DynamicImage, ImageFormat, RgbImage};
use services::{
    Begin, Caller, Clock, Desk, FilesConfig, Rates, Scanner, Services, Staff, Variant, VisitorAccess, demo::Demo,
};
use testkit::{Ids, NOW, TestDb, both_dbs};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wire::{
    Conflict, Error,
    file::NewUpload,
    visitor::{ClientFrame, ServerFrame, StartRequest},
};

struct House {
    services: Services,
    clock: Clock,
    demo: Demo,
    ids: Ids,
}

impl House {
    async fn new(db: &TestDb) -> Self {
        Self::with(db, FilesConfig::in_folder(&db.folder)).await
    }

    async fn with(db: &TestDb, files: FilesConfig) -> Self {
        let many = Rates { per_second: 1000.0, burst: 1000.0 };
        let change = |begin: &mut Begin| {
            begin.limits.visitor = many;
            begin.files = files;
        };
        let (services, clock, demo) = house::open(db, change).await;
        Self { services, clock, demo, ids: Ids::seeded(7) }
    }

    async fn staff(&self, email: &str) -> Staff {
        house::staff(&self.services, &self.demo, email).await
    }

    async fn visitor(&self) -> (VisitorAccess, SessionId) {
        let request = StartRequest {
            site: self.demo.site_key.clone(),
            client_id: self.ids.client(),
            answers: testkit::answers("Lena", "", "In stock?"),
            message: false,
            page: None,
            language: None,
            time_zone: None,
        };
        let caller = Caller { address: house::home(), user_agent: "Test/1".into() };
        let started = self.services.start_chat(request, None, &caller).await.expect("starts");
        let token = started.token.expect("a new visitor's token");
        (self.services.visitor(&token).await.expect("the token is good"), started.session)
    }

    /// Aki's desk, and a chat that Aki has.
    async fn chat(&self) -> (Staff, Desk, VisitorAccess, SessionId) {
        let aki = self.staff("aki").await;
        let desk = aki.desk().expect("an agent");
        let (visitor, session) = self.visitor().await;
        desk.claim(self.ids.client(), session).await.expect("takes it");
        (aki, desk, visitor, session)
    }

    async fn send(&self, desk: &Desk, session: SessionId, name: &str, bytes: &[u8]) -> Result<AttachmentId, Error> {
        let id = uploaded(desk, session, name, bytes).await?;
        desk.attach(self.ids.client(), session, id).await.map(|_| id)
    }
}

fn pieces(bytes: &[u8]) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + use<> {
    stream::iter(bytes.chunks(1000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect::<Vec<_>>())
}

fn new(name: &str, bytes: &[u8]) -> NewUpload {
    NewUpload { name: name.to_owned(), bytes: bytes.len() as u64 }
}

async fn uploaded(desk: &Desk, session: SessionId, name: &str, bytes: &[u8]) -> Result<AttachmentId, Error> {
    let coming = desk.begin_upload(session, &new(name, bytes)).await?;
    desk.receive(coming.id, 0, pieces(bytes)).await?;
    Ok(coming.id)
}

async fn sent_by(visitor: &VisitorAccess, ids: &Ids, name: &str, bytes: &[u8]) -> Result<AttachmentId, Error> {
    let coming = visitor.begin_upload(&new(name, bytes)).await?;
    visitor.receive(coming.id, 0, pieces(bytes)).await?;
    attach(visitor, ids, coming.id).await.map(|()| coming.id)
}

async fn attach(visitor: &VisitorAccess, ids: &Ids, file: AttachmentId) -> Result<(), Error> {
    match visitor.handle(ClientFrame::Attach { client_id: ids.client(), file }).await {
        Some(ServerFrame::Ack(_)) => Ok(()),
        Some(ServerFrame::Refused { error, .. }) => Err(error),
        other => panic!("neither done nor refused but {other:?}"),
    }
}

const SECRET: &[u8] = b"48.2082N 16.3738E";

/// 1200 × 900 with a place in it.
fn photo() -> Vec<u8> {
    let picture = RgbImage::from_fn(1200, 900, |x, y| image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Jpeg).expect("encodes");
    let mut bytes = bytes.into_inner();
    // On its side, as a phone is held.
    let exif = [b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0", SECRET].concat();
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    bytes.splice(2..2, [&[0xFF, 0xE1], &length[..], &exif].concat());
    bytes
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::new_rgba8(8, 6).write_to(&mut bytes, ImageFormat::Png).expect("encodes");
    bytes.into_inner()
}

async fn read(services: &Services, link: &str) -> Result<Vec<u8>, Error> {
    let (path, query) = link.split_once('?').expect("a proof");
    let mut segments = path.rsplit('/');
    let variant = Variant::from_name(segments.next().expect("a variant")).expect("a known one");
    let id = segments.next().expect("an id").parse().expect("an id");
    let (until, sig) = query.split_once('&').expect("two");
    let until = until.strip_prefix("until=").expect("a time").parse().expect("a number");
    let contents = services.open_file(id, variant, until, sig.strip_prefix("sig=").expect("a signature")).await?;
    let parts: Vec<Bytes> = contents.read(None).await?.map(|piece| piece.expect("reads")).collect().await;
    assert_eq!(parts.iter().map(Bytes::len).sum::<usize>() as u64, contents.bytes);
    Ok(parts.concat())
}

fn left_in(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

both_dbs! {
    async fn a_photo_comes_in_pieces_and_goes_out_without_its_place(db: TestDb) {
        let house = House::new(db).await;
        let (aki, desk, visitor, session) = house.chat().await;
        let photo = photo();
        let coming = desk.begin_upload(session, &new("../../../DCIM/x\r\n1.jpeg", &photo)).await.expect("announced");
        // Cut after some bytes; what came stays.
        let broken = pieces(&photo[..5000]).chain(stream::iter([Err(std::io::Error::other("the line broke"))]));
        assert_eq!(desk.receive(coming.id, 0, broken).await, Err(Error::Transport));
        let here = desk.upload(coming.id).await.expect("one's own").offset;
        assert_eq!(here, 5000);
        let wrong = desk.receive(coming.id, 0, pieces(&photo)).await;
        assert_eq!(wrong, Err(Error::Conflict(Conflict::Offset { at: 5000 })));
        let early = desk.attach(house.ids.client(), session, coming.id).await;
        assert_eq!(early, Err(Error::Conflict(Conflict::Offset { at: 5000 })));
        let all = desk.receive(coming.id, here, pieces(&photo[5000..])).await.expect("goes on");
        assert_eq!(all.offset, photo.len() as u64);
        let more = desk.receive(coming.id, all.offset, pieces(b"more")).await;
        assert_eq!(more, Err(Error::File(FileFault::TooLarge { most: all.offset })));

        let client_id = house.ids.client();
        let (ack, again) = futures::join!(
            desk.attach(client_id, session, coming.id),
            desk.attach(client_id, session, coming.id)
        );
        assert_eq!(ack, again, "pressed twice, sent once");
        assert_eq!(desk.attach(client_id, session, coming.id).await, ack);
        let other = desk.attach(house.ids.client(), session, coming.id).await;
        assert_eq!(other, Err(Error::Conflict(Conflict::Exists)));

        let thread = aki.thread(session, 0, "").await.expect("one's own chat");
        let shown = thread.events.last().and_then(|event| event.shown.clone()).expect("shown");
        let EventKind::Attachment(file) = shown.kind else { panic!("no attachment but {:?}", shown.kind) };
        assert_eq!((file.name.as_str(), file.media, file.size), ("x 1.jpeg", Media::Jpeg, Some((900, 1200))));
        assert!(file.preview && file.bytes < photo.len() as u64);

        for links in [aki.file_links(coming.id).await, visitor.file_links(coming.id).await] {
            let links = links.expect("both may");
            let kept = read(&house.services, &links.file).await.expect("opens");
            assert!(!kept.windows(SECRET.len()).any(|window| window == SECRET));
            assert_eq!(kept.len() as u64, file.bytes);
            let small = read(&house.services, &links.preview.expect("a small one")).await.expect("opens");
            let small = image::load_from_memory(&small).expect("a picture");
            assert_eq!((small.width(), small.height()), (480, 640), "the right way up");
        }
        let links = aki.file_links(coming.id).await.expect("may");
        house.clock.set(links.until);
        assert_eq!(read(&house.services, &links.file).await, Err(Error::Forbidden), "expired");
        assert_eq!(left_in(&db.folder.join("uploads")), 0);
        house.services.stop().await;
    }

    async fn what_is_refused_and_why(db: TestDb) {
        let house = House::new(db).await;
        let (aki, desk, _, session) = house.chat().await;
        let gif = b"GIF89a/*\0\x01\0\0\0;*/=alert(1)//".as_slice();
        for (name, bytes, fault) in [
            ("photo.jpg", b"MZ\x90\0\x03\0\0\0".as_slice(), FileFault::UnknownType),
            ("photo.png", b"<!doctype html><script>alert(1)</script>", FileFault::Html),
            ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", FileFault::Svg),
            ("cat.gif", gif, FileFault::Polyglot),
            ("a.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF", FileFault::Polyglot),
            ("b.pdf", b"%PDF-1.7\n1 0 obj", FileFault::Damaged),
            ("half.jpg", &photo()[..9000], FileFault::Damaged),
        ] {
            let id = uploaded(&desk, session, name, bytes).await.expect("comes");
            for _ in 0..2 {
                let refused = desk.attach(house.ids.client(), session, id).await;
                assert_eq!(refused, Err(Error::File(fault)), "{name}, and the same when asked again");
            }
            desk.drop_upload(id).await.expect("given up");
            assert_eq!(desk.upload(id).await, Err(Error::NotFound));
        }
        let empty = desk.begin_upload(session, &new("x", b"")).await;
        assert_eq!(empty, Err(Error::File(FileFault::Empty)));
        let most = 150 * 1024 * 1024;
        let large = NewUpload { name: "x".into(), bytes: 151 * 1024 * 1024 };
        assert_eq!(desk.begin_upload(session, &large).await, Err(Error::File(FileFault::TooLarge { most })));
        // What the name says does not count, and is put right.
        let id = house.send(&desk, session, "invoice.pdf.exe", &png()).await.expect("a picture");
        let thread = aki.thread(session, 0, "").await.expect("one's own chat");
        let last = thread.events.last().and_then(|event| event.shown.clone()).expect("shown").kind;
        assert!(matches!(last, EventKind::Attachment(file) if file.id == id && file.name == "invoice.pdf.exe.png"));
        house.services.stop().await;
    }

    async fn visitors_send_pictures_and_only_when_they_may(db: TestDb) {
        let house = House::new(db).await;
        let (_, desk, visitor, session) = house.chat().await;
        let off = Err(Error::Conflict(Conflict::AttachmentsOff));
        assert_eq!(visitor.begin_upload(&new("a.png", &png())).await.map(drop), off);
        desk.allow_attachments(house.ids.client(), session, true).await.expect("the owner may");
        let id = sent_by(&visitor, &house.ids, "a.png", &png()).await.expect("allowed now");
        let pdf = b"%PDF-1.7\n%%EOF";
        let refused = sent_by(&visitor, &house.ids, "a.png", pdf).await;
        assert_eq!(refused, Err(Error::File(FileFault::NotAllowed(Media::Pdf))));
        house.send(&desk, session, "a.pdf", pdf).await.expect("agents may");

        // Switched off while it was on its way.
        let coming = visitor.begin_upload(&new("b.png", &png())).await.expect("announced");
        visitor.receive(coming.id, 0, pieces(&png())).await.expect("came");
        desk.allow_attachments(house.ids.client(), session, false).await.expect("the owner may");
        assert_eq!(attach(&visitor, &house.ids, coming.id).await, off);

        // Somebody else's, by every way there is.
        let (stranger, _) = house.visitor().await;
        let jo = house.staff("jo").await;
        assert_eq!(stranger.file_links(id).await, Err(Error::NotFound));
        assert_eq!(jo.file_links(id).await, Err(Error::NotFound));
        assert_eq!(stranger.upload(coming.id).await, Err(Error::NotFound));
        assert_eq!(stranger.receive(coming.id, 0, pieces(b"x")).await, Err(Error::NotFound));
        assert_eq!(stranger.drop_upload(coming.id).await, Err(Error::NotFound));
        assert_eq!(attach(&stranger, &house.ids, coming.id).await, Err(Error::NotFound));
        assert_eq!(desk.attach(house.ids.client(), session, coming.id).await, Err(Error::NotFound));
        let jos = jo.desk().expect("an agent");
        assert_eq!(jos.begin_upload(session, &new("x", b"x")).await, Err(Error::NotFound));
        assert_eq!(jos.allow_attachments(house.ids.client(), session, true).await, Err(Error::NotFound));
        // Not part of the chat: no address, not even for its sender.
        assert_eq!(visitor.file_links(coming.id).await, Err(Error::NotFound));
        house.services.stop().await;
    }

    async fn what_was_never_sent_is_gone_after_a_day(db: TestDb) {
        let house = House::new(db).await;
        let (aki, desk, _, session) = house.chat().await;
        let sent = house.send(&desk, session, "a.png", &png()).await.expect("sent");
        let unsent = uploaded(&desk, session, "b.png", &png()).await.expect("came");
        assert_eq!(left_in(&db.folder.join("uploads")), 1);
        assert_eq!(house.services.sweep_uploads().await.expect("looks"), 0);
        house.clock.set(NOW + Span::seconds(24 * 3600 + 60));
        assert_eq!(house.services.sweep_uploads().await.expect("looks"), 1);
        assert_eq!(desk.upload(unsent).await, Err(Error::NotFound));
        assert_eq!(left_in(&db.folder.join("uploads")), 0);
        let links = aki.file_links(sent).await.expect("is still there");
        read(&house.services, &links.file).await.expect("opens");
        house.services.stop().await;
    }
}

#[test]
fn a_flood_of_pixels_is_kept_without_a_small_picture() {
    testkit::block_on(testkit::Engine::Sqlite, async |db| {
        let house = House::new(db).await;
        let (aki, desk, _, session) = house.chat().await;
        let mut flood = png();
        // A header that promises 30,000 × 30,000, with the sum that belongs to it.
        flood[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        let sum = !flood[12..29].iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
        });
        flood[29..33].copy_from_slice(&sum.to_be_bytes());
        let id = house.send(&desk, session, "flood.png", &flood).await.expect("holds together");
        let links = aki.file_links(id).await.expect("part of the chat");
        assert_eq!(links.preview, None);
        house.services.stop().await;
    });
}

#[test]
fn a_scanner_looks_at_everything_and_its_silence_counts() {
    testkit::block_on(testkit::Engine::Sqlite, async |db| {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let heard = Arc::new(tokio::sync::Mutex::new(Vec::new()));
        let clamd = tokio::spawn(fake_clamd(listener, Arc::clone(&heard)));
        let files = FilesConfig { scanner: Some(Scanner::Tcp(address)), ..FilesConfig::in_folder(&db.folder) };
        let house = House::with(db, files).await;
        let (_, desk, _, session) = house.chat().await;
        let photo = photo();
        house.send(&desk, session, "a.jpg", &photo).await.expect("clean");
        assert_eq!(*heard.lock().await, photo, "all of it, as it was sent");
        let infected = house.send(&desk, session, "b.txt", b"X5O!P%@AP EICAR").await;
        assert_eq!(infected, Err(Error::File(FileFault::Infected)));
        let strange = house.send(&desk, session, "c.txt", b"confuse the scanner").await;
        assert_eq!(strange, Err(Error::Unavailable));
        clamd.abort();
        let _ = clamd.await;
        let unseen = house.send(&desk, session, "d.txt", b"hello").await;
        assert_eq!(unseen, Err(Error::Unavailable), "nobody has looked, so it is not taken");
        house.services.stop().await;
    });
}

/// Speaks clamd's protocol, and finds what holds the word EICAR.
async fn fake_clamd(listener: TcpListener, heard: Arc<tokio::sync::Mutex<Vec<u8>>>) {
    while let Ok((mut line, _)) = listener.accept().await {
        let mut command = [0; 10];
        line.read_exact(&mut command).await.expect("a command");
        assert_eq!(&command, b"zINSTREAM\0");
        let mut file = Vec::new();
        loop {
            let length = line.read_u32().await.expect("a length");
            if length == 0 {
                break;
            }
            let mut piece = vec![0; usize::try_from(length).expect("small")];
            line.read_exact(&mut piece).await.expect("a piece");
            file.extend(piece);
        }
        let holds = |word: &[u8]| file.windows(word.len()).any(|window| window == word);
        let verdict: &[u8] = match (holds(b"EICAR"), holds(b"confuse")) {
            (true, _) => b"stream: Eicar-Test-Signature FOUND\0",
            (_, true) => b"INSTREAM size limit exceeded. ERROR\0",
            _ => b"stream: OK\0",
        };
        *heard.lock().await = file;
        line.write_all(verdict).await.expect("heard");
    }
}
