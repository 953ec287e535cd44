//! Where a visitor is, as far as their device's time zone tells. It needs no table of addresses, which nobody may ship
//! freely and which is wrong for whoever is behind a VPN; and no address is kept.

use domain::{Timestamp, utc_offset};
use wire::agent::Location;

/// `data/zones.tsv`: the zone as browsers name it, its country, its name today.
const ZONES: &str = include_str!("../data/zones.tsv");

/// `None` for zones that lie nowhere (`UTC`), and for names that are none.
pub fn of_zone(zone: &str, now: Timestamp) -> Option<Location> {
    let mut columns = ZONES.lines().map(|line| line.split('\t')).find_map(|mut columns| {
        let name = columns.next()?;
        (name == zone).then_some(columns)
    })?;
    let (country, today) = (columns.next()?, columns.next()?);
    let city = today.rsplit('/').next()?.replace('_', " ");
    // Singapore, Singapore.
    let place = if city == country { city } else { format!("{city}, {country}") };
    Some(Location { place, offset: utc_offset(zone, now)? })
}

#[cfg(test)]
mod tests {
    use domain::{is_zone, zones};

    use super::*;

    #[test]
    fn a_zone_is_a_city_and_a_clock() {
        let summer = Timestamp::from_millis(1_784_000_000_000);
        let winter = Timestamp::from_millis(1_795_000_000_000);
        for (zone, at, place, offset) in [
            ("Europe/Vienna", summer, "Vienna, Austria", 120),
            ("Europe/Vienna", winter, "Vienna, Austria", 60),
            ("Asia/Calcutta", winter, "Kolkata, India", 330),
            ("America/Argentina/Buenos_Aires", winter, "Buenos Aires, Argentina", -180),
            ("Asia/Singapore", winter, "Singapore", 480),
        ] {
            assert_eq!(of_zone(zone, at), Some(Location { place: place.to_owned(), offset }));
        }
        for nowhere in
            ["", "UTC", "Etc/GMT+5", "# Time zones, the country that each lies in, and the zone's name today."]
        {
            assert_eq!(of_zone(nowhere, winter), None, "{nowhere}");
        }
    }

    #[test]
    fn every_row_names_a_zone_that_there_is() {
        for line in ZONES.lines().filter(|line| !line.starts_with('#')) {
            let [name, country, today] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(is_zone(name) && is_zone(today) && !country.is_empty(), "{line}");
        }
    }

    #[test]
    fn zones_with_a_place_in_their_name_have_one() {
        let lost: Vec<_> = zones().into_iter().filter(|zone| of_zone(zone, Timestamp::default()).is_none()).collect();
        assert!(lost.iter().all(|zone| zone.starts_with("Etc/") || !zone.contains('/')), "{lost:?}");
    }
}
