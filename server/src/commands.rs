//! The commands that do one thing and end.

use std::{
    io::{self, BufRead, IsTerminal},
    path::Path,
};

use domain::{FieldProblem, Role};
use services::{NewPerson, SHORTEST_PASSWORD, Services};
use store::{Location, Store};
use tokio::sync::mpsc;

use crate::{
    cli::NewAdmin,
    config::{Config, Given},
    data_folder,
    failure::{Exit, Failure, Result},
    logging, start,
};

/// Makes an admin. In an empty installation also a first queue and site, as the one-time link does.
pub async fn create_admin(args: &NewAdmin) -> Result<()> {
    let config = prepared(&args.place.given())?;
    // A running server knows its people by heart and would not learn of this one.
    let _held = data_folder::take(&config.data)?;
    let password = password(args.password_stdin)?;
    let services = start::services(&config).await?;
    let made = create(&services, args, password).await;
    services.stop().await;
    made?;
    println!("{} is an admin now.", args.email.trim());
    Ok(())
}

async fn create(services: &Services, args: &NewAdmin, password: String) -> Result<()> {
    let roles = vec![Role::Admin, Role::Agent];
    let person = NewPerson { name: args.name.clone(), email: args.email.clone(), password, roles };
    let made = match services.setup_token().await {
        Ok(Some(token)) => services.setup(&token, person).await.map(drop),
        Ok(None) => services.create_person(person).await.map(drop),
        Err(cause) => Err(cause),
    };
    made.map_err(|cause| match cause {
        wire::Error::Invalid(fields) => {
            let wrong: Vec<String> = fields.iter().map(|wrong| problem(&wrong.field, wrong.problem)).collect();
            Failure::new(Exit::Other, format!("the admin was not made: {}", wrong.join("; ")), "Nothing was changed.")
        }
        wire::Error::Conflict(_) => {
            let who = format!("there is somebody with the e-mail address {} already", args.email.trim());
            Failure::new(Exit::Other, who, "Nothing was changed.")
        }
        cause => start::service_failure("the admin was not made", &cause),
    })
}

fn problem(field: &str, problem: FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => format!("the {field} is missing"),
        FieldProblem::TooShort => format!("the {field} needs at least {SHORTEST_PASSWORD} characters"),
        FieldProblem::TooLong => format!("the {field} is too long"),
        FieldProblem::NotAnEmail => format!("the {field} is no e-mail address"),
        FieldProblem::NotAPhone => format!("the {field} is no telephone number"),
        _ => format!("the {field} cannot be used"),
    }
}

fn password(from_stdin: bool) -> Result<String> {
    let failed = |cause: io::Error| Failure::new(Exit::Other, format!("the password cannot be read: {cause}"), "");
    if from_stdin {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(failed)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !io::stdin().is_terminal() {
        let advice = "Pipe it in with --password-stdin.";
        return Err(Failure::new(Exit::Other, "there is no terminal to ask for the password", advice));
    }
    let password = rpassword::prompt_password("Password: ").map_err(failed)?;
    if rpassword::prompt_password("Once more: ").map_err(failed)? != password {
        return Err(Failure::new(Exit::Other, "the passwords differ", "Nothing was changed."));
    }
    Ok(password)
}

/// A consistent copy. The server may run: the folder is not taken.
pub async fn backup(file: &Path, given: &Given) -> Result<()> {
    let store = existing(&prepared(given)?).await?;
    let done = store.backup(file).await;
    store.close().await;
    done.map_err(|cause| start::backup_failure(&cause))?;
    println!("{} holds the whole database now.", file.display());
    Ok(())
}

/// The way back.
pub async fn restore(file: &Path, force: bool, given: &Given) -> Result<()> {
    let config = prepared(given)?;
    let Location::Sqlite(database) = config.database.location(&config.data) else {
        return Err(start::backup_failure(&store::BackupError::UsePgDump));
    };
    let _held = data_folder::take(&config.data)?;
    if database.exists() && !force {
        return Err(Failure::new(
            Exit::Folder,
            format!("there is a database at {}", database.display()),
            "Make a backup of it, then add --force to replace it.",
        ));
    }
    store::restore_sqlite(file, &database, force).await.map_err(|cause| start::backup_failure(&cause))?;
    println!("{} is what {} held.", database.display(), file.display());
    Ok(())
}

/// The database, which must be there.
async fn existing(config: &Config) -> Result<Store> {
    let location = config.database.location(&config.data);
    if let Location::Sqlite(database) = &location
        && !database.exists()
    {
        // Opening it would make an empty one.
        return Err(Failure::new(
            Exit::Folder,
            format!("there is no database at {}", database.display()),
            "Name the data folder with --data.",
        ));
    }
    let (changes, _ignored) = mpsc::unbounded_channel();
    let opened = Store::open(&location, start::store_options(config), changes).await;
    opened.map_err(|cause| start::open_failure(&cause))
}

fn prepared(given: &Given) -> Result<Config> {
    let config = Config::load(given)?;
    logging::start(&config.log);
    Ok(config)
}
