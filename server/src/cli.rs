//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{
    commands,
    config::{self, Given},
    failure::{EXIT_CODES, Exit, Failure, Result},
    serve,
};

/// Live chat between a company's visitors and its agents.
#[derive(Debug, Parser)]
#[command(name = "deskbell", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard, the widget and the API
    Serve(Serve),
    /// Manage admins
    #[command(subcommand)]
    Admin(Admin),
    /// Copy the SQLite database to a new file, also while the server runs
    Backup {
        /// A file that does not exist yet
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Put a backup in the place of the SQLite database; the server must not run
    Restore {
        /// A file made by `backup`
        file: PathBuf,
        /// Replace the database that is there
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        place: Place,
    },
    /// About the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the version
    Version,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make an admin; the server must not run
    Create(NewAdmin),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print a configuration file with every key, its default and what it is for
    PrintDefault,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Fill in a shop with people, and serve its pages beside
    #[arg(long)]
    pub demo: bool,
    /// When ready, print the facts as one line of JSON
    #[arg(long)]
    pub json: bool,
    /// Address and port of dashboard, widget and API
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Address and port of the demo's shop
    #[arg(long, value_name = "ADDR")]
    demo_listen: Option<String>,
    /// The address at which browsers reach this server
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub struct NewAdmin {
    #[arg(long)]
    pub email: String,
    /// As colleagues and visitors see it
    #[arg(long)]
    pub name: String,
    /// Read the password from stdin instead of asking for it
    #[arg(long)]
    pub password_stdin: bool,
    #[command(flatten)]
    pub place: Place,
}

const DATABASE_HELP: &str = "A PostgreSQL database, instead of SQLite in the data folder. Others on this machine can \
    see flags: for an address with a password, DESKBELL_DATABASE is the better place";

/// Where things are.
#[derive(Debug, Args)]
pub struct Place {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    #[arg(long, value_name = "postgres://…", help = DATABASE_HELP)]
    database: Option<String>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Cli {
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::Serve(args) => block_on(serve::serve(&args)),
            Command::Admin(Admin::Create(args)) => block_on(commands::create_admin(&args)),
            Command::Backup { file, place } => block_on(commands::backup(&file, &place.given())),
            Command::Restore { file, force, place } => block_on(commands::restore(&file, force, &place.given())),
            Command::Config(ConfigCommand::PrintDefault) => {
                print!("{}", config::default_file());
                Ok(())
            }
            Command::Version => {
                println!("deskbell {}", env!("CARGO_PKG_VERSION"));
                Ok(())
            }
        }
    }
}

impl Serve {
    pub fn given(&self) -> Given {
        let mut given = self.place.given();
        for (key, flag, value) in [
            ("listen", "--listen", &self.listen),
            ("demo_listen", "--demo-listen", &self.demo_listen),
            ("public_url", "--public-url", &self.public_url),
        ] {
            given.flags.extend(value.clone().map(|text| (key, flag, text)));
        }
        given
    }
}

impl Place {
    pub fn given(&self) -> Given {
        let mut flags = Vec::new();
        for (key, flag, value) in [("data", "--data", &self.data), ("database", "--database", &self.database)] {
            flags.extend(value.clone().map(|text| (key, flag, text)));
        }
        Given { file: self.config.clone(), flags }
    }
}

fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| {
        Failure::new(Exit::Other, format!("no threads can be started: {cause}"), "Raise the limit of processes.")
    })?;
    let done = runtime.block_on(work);
    // What is still running has been waited for as long as was promised.
    runtime.shutdown_background();
    done
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_become_configuration() {
        let line = ["deskbell", "serve", "--demo", "--listen", "127.0.0.1:0", "--data", "x", "--config", "c.toml"];
        let Command::Serve(serve) = Cli::parse_from(line).command else { unreachable!("it is serve") };
        let given = serve.given();
        assert!(serve.demo && !serve.json);
        assert_eq!(given.file, Some("c.toml".into()));
        let flags: Vec<_> = given.flags.iter().map(|(key, _, text)| (*key, text.as_str())).collect();
        assert_eq!(flags, [("data", "x"), ("listen", "127.0.0.1:0")]);
    }
}
