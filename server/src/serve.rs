//! `deskbell serve`: from nothing to ready, and back to nothing.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use services::{Services, demo};
use tokio::net::TcpListener;

use crate::{
    assets, bind,
    cli::Serve,
    config::Config,
    data_folder,
    demo::Shop,
    failure::{Exit, Failure, Result},
    leptos_options, letters,
    listener::{self, Server, Signals},
    logging,
    origin::Origin,
    packed::Packed,
    ready::Ready,
    router,
    security::Origins,
    start,
    state::AppState,
};

/// For the writer to commit what it has taken, after the sockets are gone.
const WRITES: Duration = Duration::from_secs(10);

/// Until a signal comes.
pub async fn serve(args: &Serve) -> Result<()> {
    let config = Config::load(&args.given())?;
    logging::start(&config.log);
    let mut signals = Signals::listen().map_err(|cause| system("signals cannot be received", &cause))?;
    let _held = data_folder::take(&config.data)?;
    // Before the database: a taken port is found out early, and the demo has to know the shop's real port. Whoever
    // connects now waits until the router stands.
    let (tcp, listen) = listening(config.listen, "--listen")?;
    let figures = config.metrics.listen().map(|address| listening(address, "metrics.listen")).transpose()?;
    let shop = if args.demo { Some(listening(config.demo_listen, "--demo-listen")?) } else { None };

    let services = start::services(&config).await?;
    let server = Server::default();
    let origins = Arc::new(origins(&config, listen));
    start::alerts(&services, &config, &origins.public).await?;
    letters::start(&services, origins.frame());
    let state = AppState {
        services: services.clone(),
        origins: Arc::clone(&origins),
        leptos: leptos_options::read(listen)?,
        server: server.clone(),
        packed: Packed::default(),
    };
    let mut ready = Ready {
        dashboard: origins.public.to_string(),
        shop: None,
        accounts: Vec::new(),
        setup: None,
        pid: std::process::id(),
    };
    let trusted = Arc::new(config.trusted_proxies.clone());
    if let Some((tcp, address)) = shop {
        let address = crate::demo::address(address);
        let demo = demo::seed(&services, &config.data, std::slice::from_ref(&address))
            .await
            .map_err(|cause| start::service_failure("the demo's data cannot be made", &cause))?;
        let shop = Shop { deskbell: origins.frame().clone(), site_key: demo.site_key };
        server.tasks.spawn(listener::serve(
            tcp,
            crate::demo::router(shop).merge(crate::demo::for_stories(services.clone())),
            Arc::clone(&trusted),
            server.clone(),
        ));
        ready.shop = Some(address);
        ready.accounts = demo.accounts;
    } else {
        refuse_demo_accounts(&services, &config).await?;
        let token = services.setup_token().await;
        let token = token.map_err(|cause| start::service_failure("the first link cannot be made", &cause))?;
        ready.setup = token.map(|token| format!("{}/setup/{token}", origins.public));
    }
    if let Some((tcp, address)) = figures {
        tracing::info!(%address, "metrics");
        let routes = crate::metrics::router(services.clone());
        server.tasks.spawn(listener::serve(tcp, routes, Arc::clone(&trusted), server.clone()));
    }
    // The one place where the routes are put together is `router.rs`.
    server.tasks.spawn(listener::serve(tcp, router::router(state), trusted, server.clone()));
    if !assets::embedded() {
        tracing::warn!(
            "this binary was built without the browser's files: only the API works. \
             Build it with `cargo xtask build` (or run), which makes them first"
        );
    }
    tracing::info!(%listen, public_url = %origins.public, "ready");
    ready.print(args.json);

    signals.next().await;
    tracing::info!(seconds = config.drain().as_secs(), "stopping");
    tokio::select! {
        () = stop(&server, &services, config.drain()) => Ok(()),
        // Whoever asks twice does not want to wait.
        () = signals.next() => Err(Failure::new(Exit::Other, "stopped at once, without waiting for connections", "")),
    }
}

async fn stop(server: &Server, services: &Services, within: Duration) {
    let left = server.drain(within).await;
    if left > 0 {
        tracing::warn!(left, "connections did not end in time and are cut off");
    }
    if tokio::time::timeout(WRITES, services.stop()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
    tracing::info!("stopped");
}

fn listening(address: SocketAddr, flag: &str) -> Result<(TcpListener, SocketAddr)> {
    let tcp = bind::bind(address, flag)?;
    let real = tcp.local_addr().map_err(|cause| system("the address is unknown", &cause))?;
    Ok((tcp, real))
}

fn origins(config: &Config, listen: SocketAddr) -> Origins {
    let public = config.public_url.clone().unwrap_or_else(|| {
        // Nobody can open 0.0.0.0.
        let mut reachable = listen;
        if listen.ip().is_unspecified() {
            reachable.set_ip([127, 0, 0, 1].into());
            tracing::warn!("`public_url` is not set: sign-in works only at this machine");
        }
        Origin::http(reachable)
    });
    Origins { public, widget: config.widget_url.clone() }
}

/// Passwords that stand in a file are for trying out, not for customers' conversations.
async fn refuse_demo_accounts(services: &Services, config: &Config) -> Result<()> {
    let active = demo::active(services).await;
    let active = active.map_err(|cause| start::service_failure("the demo's accounts cannot be looked at", &cause))?;
    if active.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Config,
        format!("the data folder {} holds the demo's accounts with their first passwords", config.data.display()),
        "Start it with --demo, or choose another folder with --data.",
    ))
}

fn system(what: &str, cause: &io::Error) -> Failure {
    Failure::new(Exit::Other, format!("{what}: {cause}"), "")
}
