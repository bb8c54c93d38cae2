//! The rows of the running sums: of sessions, of networks by day, and of the site's hour by second.
//!
//! Owns their SQL. Must not compute a sum: the engine does.

use super::{
    row::{exact, optional_text, text, window},
    sql::Sql,
};
use contract::time::{Day, Timestamp};
use engine::ledger::{
    Visitor, ceiling,
    usage::{Hour, NetworkUsage, Usage},
    window::Second,
};
use worker::Result;

/// What a visitor has used, with its network and its /48, in one query of three keys.
pub(super) fn read(sql: &Sql, who: &Visitor, day: Day) -> Result<Usage> {
    let query =
        "SELECT json_array(own.day, own.pictures, own.open, json(own.hour), json(own.strikes),
            home.pictures, home.reserved, home.charged, home.orders,
            around.pictures, around.reserved, around.charged, around.orders) AS value
        FROM (SELECT 1) LEFT JOIN subject AS own ON own.subject = ?1
            LEFT JOIN network AS home ON home.day = ?2 AND home.network = ?3
            LEFT JOIN network AS around ON around.day = ?2 AND around.network = ?4";
    let prefix = optional_text(who.prefix.as_deref());
    let values = vec![text(&who.subject), exact(day.number())?, text(&who.network), prefix];
    sql.row(query, values)?.usage(who.prefix.is_some())
}

pub(super) fn write(sql: &Sql, who: &Visitor, day: Day, usage: &Usage) -> Result<()> {
    let subject = &usage.subject;
    sql.run(
        "INSERT OR REPLACE INTO subject VALUES (?, ?, ?, ?, ?, ?)",
        vec![
            text(&who.subject),
            exact(subject.day.number())?,
            exact(subject.pictures)?,
            exact(subject.open)?,
            window(&subject.hour),
            window(&subject.strikes),
        ],
    )?;
    for (key, network) in who.networks().zip([Some(usage.network), usage.prefix]) {
        let NetworkUsage { pictures, money, orders } = network.unwrap_or_default();
        sql.run(
            "INSERT OR REPLACE INTO network VALUES (?, ?, ?, ?, ?, ?)",
            vec![
                exact(day.number())?,
                text(key),
                exact(pictures)?,
                exact(money.reserved.0)?,
                exact(money.charged.0)?,
                exact(orders)?,
            ],
        )?;
    }
    Ok(())
}

/// What the site has granted within the last 60 minutes, at most one row for each second.
pub(super) fn read_hour(sql: &Sql) -> Result<Hour> {
    let mut hour = Hour::default();
    let query = "SELECT json_group_array(json_array(second, held, charged)) AS value FROM hour";
    for mut row in sql.rows(query, Vec::new())? {
        let (second, held, charged) = (Second(row.whole()?), row.whole()?, row.whole()?);
        hour.all.change(second, 0, held);
        hour.charged.change(second, 0, charged);
    }
    Ok(hour)
}

/// Writes a second of the site's hour; one that holds nothing has no row.
pub(super) fn write_second(sql: &Sql, second: Second, held: u64, charged: u64) -> Result<()> {
    if held == 0 {
        return sql.run("DELETE FROM hour WHERE second = ?", vec![exact(second.0)?]);
    }
    // Two absurd prices in one second are more than can be stored.
    let amount = |nano: u64| exact(nano.min(ceiling::MOST.0));
    let values = vec![exact(second.0)?, amount(held)?, amount(charged)?];
    sql.run("INSERT OR REPLACE INTO hour VALUES (?, ?, ?)", values)
}

pub(super) fn forget_seconds(sql: &Sql, now: Timestamp) -> Result<()> {
    sql.run("DELETE FROM hour WHERE second <= ?", vec![exact(Second::last_left(now).0)?])
}

/// The earliest day of a tally or of a network's usage.
pub(super) fn first_day(sql: &Sql) -> Result<Option<Day>> {
    let query = "SELECT json_array((SELECT MIN(day) FROM
        (SELECT MIN(day) AS day FROM tally UNION ALL SELECT MIN(day) FROM network))) AS value";
    let day = sql.row(query, Vec::new())?.number()?;
    Ok(day.map(|day| Day::from_number(u32::try_from(day).unwrap_or(u32::MAX))))
}

/// Deletes what no limit of that day or a later one counts.
pub(super) fn forget(sql: &Sql, before: Day) -> Result<()> {
    let day = exact(before.number())?;
    sql.run("DELETE FROM network WHERE day < ?", vec![day.clone()])?;
    sql.run("DELETE FROM subject WHERE day < ? AND open = 0", vec![day])
}
