//! Attacks on the day's money: it is spent (2), or held by reservations that stay open (6).
//!
//! Owns what one network may take: its share. Must not know how a share is kept.

use super::{
    crowd::{DAY, SHARE, Siege, during, is_for_tomorrow},
    table::{self, Row},
};
use contract::money::Nano;
use sandbox::Settings;
use serde_json::json;
use std::time::Duration;
use tests::{run, studio::Setup};

/// How long upstream takes for a slow refusal.
const SLOW: Duration = Duration::from_secs(12);

/// Nano-dollars that the network with the largest open reservations holds.
const MOST_RESERVED: &str = "SELECT max(reserved) FROM network";

#[test]
fn an_address_that_buys_the_dearest_takes_its_share_and_no_more() {
    run(async {
        let studio = Setup::default().default_limits(DAY).start().await?;
        let siege = Siege::of(&studio)?;
        let dear = |count: u32| json!({ "prompt": "gold", "count": count, "size": "1024x1536", "quality": "high" });
        let orders = [dear(4), dear(1), json!({ "prompt": "gold" })];
        let (granted, honest) = during(&siege, siege.orders(4, false, &orders)).await?;
        let taken = siege.taken(&honest).await?;
        table::add(Row {
            number: "2",
            attack: "one address buys the dearest pictures with ever new sessions",
            before: "95711d5: $0.99 of $1 in 2.9 s; 9205868: $2.33 of $2.5 by 26 jobs, 24 of 100 refused until midnight",
            now: format!("${taken} of ${DAY} taken by {} jobs; {}", granted.len(), honest.told()),
            bound: format!("${} taken; 0 of other networks refused", Nano(SHARE)),
        });
        assert!(taken.0 <= SHARE, "{taken}");
        assert!(taken.0 >= SHARE / 2, "{taken}: it took little, so that this shows nothing");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}

#[test]
fn a_48_of_ipv6_networks_takes_two_shares_and_no_more() {
    run(async {
        // Its two shares may be all of an hour's money, of which a fifth is for networks that had nothing yet.
        let day = Nano(2 * DAY.0);
        let share = 2 * SHARE;
        let studio = Setup::default().default_limits(day).start().await?;
        let networks = |session: usize| format!("2001:db8:77:{:02x}00::1", session % 256);
        let siege = Siege::of(&studio)?.from(networks);
        let dear = |count: u32| json!({ "prompt": "gold", "count": count, "size": "1024x1536", "quality": "high" });
        let orders = [dear(4), dear(1), json!({ "prompt": "gold" })];
        let (granted, honest) = during(&siege, siege.orders(4, false, &orders)).await?;
        let taken = siege.taken(&honest).await?;
        table::add(Row {
            number: "2b",
            attack: "the same from 256 networks of one IPv6 /48",
            before: "9205868: $4.77 of $5 by 54 jobs, 6 of 100 refused until midnight",
            now: format!(
                "${taken} of ${day} taken by {} jobs; {}",
                granted.len(),
                honest.others.told()
            ),
            bound: format!("${} taken; 0 of other networks refused", Nano(2 * share)),
        });
        assert!(taken.0 <= 2 * share, "{taken}");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}

#[test]
fn open_reservations_hold_a_share_and_nobody_is_sent_home_for_the_day() {
    run(async {
        let sandbox = Settings { slow: SLOW, ..Settings::for_tests() };
        let setup = Setup { sandbox, ..Setup::default() }.default_limits(DAY);
        let studio = setup.start().await?;
        let siege = Siege::of(&studio)?;
        let order = json!({ "prompt": "sandbox:refuse-slow", "count": 4, "size": "1024x1536", "quality": "high" });
        let held = async {
            let mut most = Nano::ZERO;
            while siege.is_on() {
                for row in studio.edge.stored("Ledger", MOST_RESERVED).await? {
                    most = most.max(Nano(row[0].as_u64().unwrap_or_default()));
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            anyhow::Ok(most)
        };
        let orders = [order];
        let attack = async { tokio::try_join!(siege.orders(4, false, &orders), held) };
        let ((granted, held), honest) = during(&siege, attack).await?;
        let taken = siege.taken(&honest).await?;
        table::add(Row {
            number: "6",
            attack: "refusals that take 12 s hold the money that others need",
            before: "9205868: $2.43 of $2.5 open at once by 21 jobs, 13 of 100 refused until midnight while $0.2 was charged",
            now: format!(
                "${held} of ${DAY} open at once by {} jobs, ${taken} taken; {}",
                granted.len(),
                honest.told()
            ),
            bound: format!(
                "${} open by a network; 0 of other networks refused; nobody is told to come back tomorrow",
                Nano(SHARE)
            ),
        });
        assert!(!granted.is_empty(), "nothing was ever held: this shows nothing");
        assert!(held.0 >= SHARE / 2, "{held}: it held little, so that this shows nothing");
        assert!(held.0 <= SHARE, "{held}");
        assert_eq!(honest.others.problems, []);
        assert!(!honest.neighbours.problems.iter().any(is_for_tomorrow), "{honest:?}");
        studio.stop().await
    });
}
