//! A Ledger's book in SQLite.
//!
//! Owns the SQL but that of `booking`, `usage` and `learned`. Must not decide: the engine does, with the rows found here.

use super::{
    booking,
    known::{Known, Month, Times, TimesOf},
    learned,
    numbers::{Name, Numbers, of_breaker, of_doubt},
    row::{Row, exact, text},
    schema,
    sql::{Sql, Value},
    usage,
};
use contract::{
    options::{Quality, Size},
    time::{Day, Timestamp},
};
use engine::ledger::{
    Book, DayBook, Reservation, Visitor,
    breaker::Breaker,
    count::Held,
    forbidden::Doubt,
    learned::{Kind, Learned},
    month,
    usage::{Hour, Usage},
    window::Second,
};
use std::{cell::RefCell, collections::BTreeMap};
use worker::{Error, Result};

/// The rows of one site, during one step.
pub(super) struct Store {
    sql: Sql,
    known: RefCell<Known>,
    /// Additions to counters, which are written at the end of the step.
    counts: RefCell<Vec<(String, u64)>>,
}

impl Store {
    /// Opens the rows. `known` is the cache that the last step left.
    pub(super) fn open(sql: Sql, known: Known) -> Self {
        Self { sql, known: RefCell::new(known), counts: RefCell::default() }
    }

    /// Makes the tables, or migrates those of an earlier version.
    pub(super) fn make_tables(&self) -> Result<()> {
        schema::make(&self.sql)
    }

    /// Writes the additions to counters. The returned cache is correct once the transaction is committed.
    pub(super) fn finish(self) -> Result<Known> {
        self.add_counts()?;
        Ok(self.known.into_inner())
    }

    fn add_counts(&self) -> Result<()> {
        let counts = self.counts.take();
        if counts.is_empty() {
            return Ok(());
        }
        let places = vec!["(?, ?)"; counts.len()].join(", ");
        let statement = [
            "INSERT INTO counter VALUES ",
            &places,
            " ON CONFLICT DO UPDATE SET value = value + excluded.value",
        ];
        let mut values = Vec::new();
        for (name, by) in counts {
            values.extend([text(&name), exact(by)?]);
        }
        self.sql.run(&statement.concat(), values)
    }

    fn numbers(&self) -> Result<Numbers> {
        if let Some(numbers) = self.known.borrow().numbers {
            return Ok(numbers);
        }
        let mut numbers = Numbers::default();
        let query = "SELECT json_group_array(json_array(name, value)) AS value FROM number";
        for mut row in self.sql.rows(query, Vec::new())? {
            let (name, value) = (row.text()?, row.whole()?);
            if let Some(name) = Name::of(&name) {
                numbers.set(name, value);
            }
        }
        self.known.borrow_mut().numbers = Some(numbers);
        Ok(numbers)
    }

    fn set_number(&self, name: Name, value: u64) -> Result<()> {
        let mut numbers = self.numbers()?;
        self.sql.run(
            "INSERT OR REPLACE INTO number VALUES (?, ?)",
            vec![text(name.word()), exact(value)?],
        )?;
        numbers.set(name, value);
        self.known.borrow_mut().numbers = Some(numbers);
        Ok(())
    }

    /// Passes a month's sums to `ask`, and reads them before if they are not cached.
    fn of_month<T>(&self, (first, end): (Day, Day), ask: impl FnOnce(&Month) -> T) -> Result<T> {
        let is_known = |known: &Known| {
            known.month.as_ref().is_some_and(|month| month.first == first && month.end == end)
        };
        if !is_known(&self.known.borrow()) {
            let last = Day::from_number(end.number().saturating_sub(1));
            let days = self.days(first, last)?;
            self.known.borrow_mut().month = Some(Month { first, end, days });
        }
        let known = self.known.borrow();
        known.month.as_ref().map(ask).ok_or_else(|| "no month".into())
    }

    /// Passes what the site has granted within the hour to `ask`, and reads it before if it is not cached.
    fn of_hour<T>(&self, ask: impl FnOnce(&mut Hour) -> T) -> Result<T> {
        if let Some(hour) = self.known.borrow_mut().hour.as_mut() {
            return Ok(ask(hour));
        }
        let mut hour = usage::read_hour(&self.sql)?;
        let answer = ask(&mut hour);
        self.known.borrow_mut().hour = Some(hour);
        Ok(answer)
    }

    /// Passes the recent times of a kind to `ask`, and reads them before if they are not cached.
    fn of_times<T>(&self, kind: &TimesOf<'_>, ask: impl FnOnce(&mut Times) -> T) -> Result<T> {
        if let Some(times) = self.known.borrow_mut().times(kind) {
            return Ok(ask(times));
        }
        let query = "SELECT json_group_array(json_array(slot, n, ms)) AS value FROM time
            WHERE model = ? AND size = ? AND quality = ?";
        let mut times = Times::default();
        for mut row in self.sql.rows(query, kind.values().to_vec())? {
            let (slot, n, ms) = (row.whole()?, row.whole()?, row.whole()?);
            times.last = times.last.max(n);
            times.all.push((slot, ms));
        }
        let answer = ask(&mut times);
        self.known.borrow_mut().learn_times(kind, times);
        Ok(answer)
    }

    /// The one number of a query; `None` if it finds none.
    fn find(&self, query: &str, values: Vec<Value>) -> Result<Option<u64>> {
        self.sql.row(query, values)?.number()
    }

    fn count_of(&self, query: &str, values: Vec<Value>) -> Result<u32> {
        let count = self.find(query, values)?.unwrap_or(0);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Passes everything that was learned to `ask`, and reads it before if it is not cached.
    fn of_learned<T>(&self, ask: impl FnOnce(&BTreeMap<Kind, Learned>) -> T) -> Result<T> {
        if let Some(all) = self.known.borrow().learned.as_ref() {
            return Ok(ask(all));
        }
        let all = learned::read(&self.sql)?;
        let answer = ask(&all);
        self.known.borrow_mut().learned = Some(all);
        Ok(answer)
    }
}

impl Book for Store {
    type Error = Error;

    fn clock(&self) -> Result<Timestamp> {
        Ok(self.numbers()?.clock())
    }

    fn set_clock(&mut self, now: Timestamp) -> Result<()> {
        self.set_number(Name::Clock, now.0)
    }

    fn is_closed(&self) -> Result<bool> {
        Ok(self.numbers()?.is_closed())
    }

    fn set_closed(&mut self, closed: bool) -> Result<()> {
        self.set_number(Name::Closed, u64::from(closed))
    }

    fn breaker(&self) -> Result<Breaker> {
        Ok(self.numbers()?.breaker())
    }

    fn set_breaker(&mut self, breaker: Breaker) -> Result<()> {
        let known = self.numbers()?;
        of_breaker(breaker)
            .filter(|&(name, value)| !known.has(name, value))
            .try_for_each(|(name, value)| self.set_number(name, value))
    }

    fn doubt(&self) -> Result<Doubt> {
        Ok(self.numbers()?.doubt())
    }

    fn set_doubt(&mut self, doubt: Doubt) -> Result<()> {
        of_doubt(doubt).into_iter().try_for_each(|(name, value)| self.set_number(name, value))
    }

    fn by_key(&self, key: &str) -> Result<Option<Reservation>> {
        booking::find(&self.sql, "key", key)
    }

    fn by_job(&self, job: &str) -> Result<Option<Reservation>> {
        let known = self.known.borrow().open(job).cloned();
        known.map_or_else(|| booking::find(&self.sql, "job", job), |known| Ok(Some(known)))
    }

    fn put(&mut self, reservation: &Reservation) -> Result<()> {
        booking::write(&self.sql, reservation)?;
        self.known.borrow_mut().learn(reservation);
        Ok(())
    }

    fn day(&self, day: Day) -> Result<DayBook> {
        self.of_month(month(day), |month| month.day(day))
    }

    fn put_day(&mut self, day: Day, sums: &DayBook) -> Result<()> {
        self.sql.run(
            "INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?)",
            vec![
                exact(day.number())?,
                exact(sums.reserved.0)?,
                exact(sums.charged.0)?,
                exact(sums.refunded.0)?,
                exact(sums.unknown.0)?,
                exact(sums.pictures)?,
                exact(sums.refusals)?,
            ],
        )?;
        if let Some(month) = self.known.borrow_mut().month.as_mut().filter(|month| month.has(day)) {
            month.put(day, *sums);
        }
        Ok(())
    }

    fn days(&self, first: Day, last: Day) -> Result<Vec<(Day, DayBook)>> {
        let query = "SELECT json_group_array(json_array(day, reserved, charged, refunded, unknown, pictures, refusals)) AS value
            FROM (SELECT * FROM day WHERE day >= ? AND day <= ? ORDER BY day)";
        let rows = self.sql.rows(query, vec![exact(first.number())?, exact(last.number())?])?;
        rows.into_iter().map(Row::day).collect()
    }

    fn held(&self, first: Day, end: Day) -> Result<Option<Held>> {
        self.of_month((first, end), Month::held)
    }

    fn usage(&self, who: &Visitor, day: Day) -> Result<Usage> {
        usage::read(&self.sql, who, day)
    }

    fn put_usage(&mut self, who: &Visitor, day: Day, usage: &Usage) -> Result<()> {
        usage::write(&self.sql, who, day, usage)
    }

    fn hour<T>(&self, ask: impl FnOnce(&Hour) -> T) -> Result<T> {
        self.of_hour(|hour| ask(hour))
    }

    fn change_hour(
        &mut self,
        second: Second,
        before: Held,
        after: Held,
        now: Timestamp,
    ) -> Result<()> {
        let (held, charged, expired) = self.of_hour(|hour| {
            hour.change(second, before, after);
            (hour.all.of(second), hour.charged.of(second), hour.expire(now))
        })?;
        usage::write_second(&self.sql, second, held, charged)?;
        if expired { usage::forget_seconds(&self.sql, now) } else { Ok(()) }
    }

    fn others_ordered(&self, party: &str, since: Timestamp) -> Result<bool> {
        booking::any_of_others(&self.sql, party, since)
    }

    fn lapsed(&self, now: Timestamp) -> Result<Vec<String>> {
        booking::lapsed(&self.sql, now)
    }

    fn next_lapse(&self, after: Timestamp) -> Result<Option<Timestamp>> {
        booking::next_lapse(&self.sql, after)
    }

    fn forget(&mut self, before: Timestamp) -> Result<()> {
        booking::forget(&self.sql, before)?;
        self.sql.run("DELETE FROM moment WHERE at < ?", vec![exact(before.0)?])?;
        usage::forget(&self.sql, before.day())?;
        self.sql.run("DELETE FROM tally WHERE day < ?", vec![exact(before.day().number())?])
    }

    fn tally(&mut self, name: &str, day: Day) -> Result<u32> {
        let query = "INSERT INTO tally VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING json_array(count) AS value";
        self.count_of(query, vec![exact(day.number())?, text(name)])
    }

    fn tallied(&self, name: &str, day: Day) -> Result<u32> {
        let query =
            "SELECT json_array((SELECT count FROM tally WHERE day = ? AND name = ?)) AS value";
        self.count_of(query, vec![exact(day.number())?, text(name)])
    }

    fn moment(&self, name: &str) -> Result<Option<Timestamp>> {
        let query = "SELECT json_array((SELECT at FROM moment WHERE name = ?)) AS value";
        Ok(self.find(query, vec![text(name)])?.map(Timestamp))
    }

    fn set_moment(&mut self, name: &str, at: Timestamp) -> Result<()> {
        let values = vec![text(name), exact(at.0)?];
        self.sql.run("INSERT OR REPLACE INTO moment VALUES (?, ?)", values)
    }

    fn first_day(&self) -> Result<Option<Day>> {
        usage::first_day(&self.sql)
    }

    fn has_tally(&self, day: Day, from: &str, before: &str) -> Result<bool> {
        let query = "SELECT json_array(EXISTS (SELECT 1 FROM tally WHERE day = ? AND name >= ? AND name < ?)) AS value";
        let values = vec![exact(day.number())?, text(from), text(before)];
        Ok(self.find(query, values)? == Some(1))
    }

    fn forget_tallies(&mut self, day: Day, from: &str, before: &str) -> Result<()> {
        let statement = "DELETE FROM tally WHERE day = ? AND name >= ? AND name < ?";
        self.sql.run(statement, vec![exact(day.number())?, text(from), text(before)])
    }

    fn count(&mut self, name: &str, by: u64) -> Result<()> {
        self.counts.get_mut().push((name.to_owned(), by));
        Ok(())
    }

    fn counters(&self) -> Result<Vec<(String, u64)>> {
        self.add_counts()?;
        let query = "SELECT json_group_array(json_array(name, value)) AS value FROM (SELECT * FROM counter ORDER BY name)";
        let rows = self.sql.rows(query, Vec::new())?;
        rows.into_iter().map(|mut row| Ok((row.text()?, row.whole()?))).collect()
    }

    fn add_time(&mut self, model: &str, size: Size, quality: Quality, ms: u64) -> Result<()> {
        let kind = TimesOf { model, size, quality };
        let (slot, n) = self.of_times(&kind, |times| (times.add(ms), times.last))?;
        let statement = "INSERT OR REPLACE INTO time VALUES (?, ?, ?, ?, ?, ?)";
        let [model, size, quality] = kind.values();
        self.sql.run(statement, vec![model, size, quality, exact(slot)?, exact(n)?, exact(ms)?])
    }

    fn expected(&self, model: &str, size: Size, quality: Quality) -> Result<Option<u64>> {
        self.of_times(&TimesOf { model, size, quality }, |times| times.median())
    }

    fn gone(&self, model: &str) -> Result<Option<Timestamp>> {
        if let Some(gone) = self.known.borrow().gone.as_ref() {
            return Ok(gone.get(model).copied());
        }
        let mut all = BTreeMap::new();
        let query = "SELECT json_group_array(json_array(model, at)) AS value FROM gone";
        for mut row in self.sql.rows(query, Vec::new())? {
            all.insert(row.text()?, Timestamp(row.whole()?));
        }
        let found = all.get(model).copied();
        self.known.borrow_mut().gone = Some(all);
        Ok(found)
    }

    fn set_gone(&mut self, model: &str, at: Timestamp) -> Result<()> {
        let values = vec![text(model), exact(at.0)?];
        self.sql.run("INSERT OR REPLACE INTO gone VALUES (?, ?)", values)?;
        if let Some(gone) = self.known.get_mut().gone.as_mut() {
            gone.insert(model.to_owned(), at);
        }
        Ok(())
    }

    fn learned(&self, kind: &Kind) -> Result<Option<Learned>> {
        self.of_learned(|all| all.get(kind).copied())
    }

    fn set_learned(&mut self, kind: &Kind, learned: Learned) -> Result<()> {
        self.known.get_mut().learned = None;
        learned::write(&self.sql, kind, learned)
    }

    fn all_learned(&self) -> Result<Vec<(Kind, Learned)>> {
        self.of_learned(|all| all.iter().map(|(kind, it)| (kind.clone(), *it)).collect())
    }

    fn forget_learned(&mut self, until: Option<Timestamp>) -> Result<()> {
        self.known.get_mut().learned = None;
        learned::delete(&self.sql, until)
    }
}
