//! Swaps in linear time: the answers themselves give the only order in which the calls can have happened.
//!
//! A swap reads the value that the swap before it wrote. Written values are distinct, so each answer names its predecessor, and the calls
//! of a key form a chain:
//!
//! ```text
//! Init → A1 → B1 → A2        A1 read Init, B1 read A1, A2 read B1
//! ```
//!
//! What is left to check is time: a call that was answered before another was made comes before it in the chain.
//!
//! A call without an answer may have happened, at any time after it was made. If somebody read what it wrote it did happen, but nobody knows
//! what it read: the chain begins anew there. The history holds if time allows some order of these pieces.

use std::collections::HashMap;

use crate::{history::Operation, text, verdict::Contradiction};

/// Looks for a contradiction in the swaps of one key.
pub(crate) fn check(calls: &[Operation<'_>]) -> Result<(), Contradiction> {
    let pieces = pieces(calls)?;
    pieces
        .iter()
        .try_for_each(|piece| in_time(calls, &piece.calls))?;
    in_some_order(calls, &pieces)
}

/// A part of the chain that the answers fix.
struct Piece {
    /// Places in the list of calls, in the order of the chain.
    calls: Vec<usize>,
    /// Whether the first of them read what was there before all calls.
    is_first: bool,
    /// The earliest end of one of its calls, and whose it is.
    answered: (f64, usize),
    /// The latest beginning of one of its calls, and whose it is.
    called: (f64, usize),
}

/// Who wrote each value, and who read it.
struct Values {
    writer: HashMap<String, usize>,
    reader: HashMap<String, usize>,
    /// The call that read a value which no call wrote: the one that was there before.
    first: Option<usize>,
}

fn values(calls: &[Operation<'_>]) -> Result<Values, Contradiction> {
    let mut values = Values {
        writer: HashMap::new(),
        reader: HashMap::new(),
        first: None,
    };
    for (index, call) in calls.iter().enumerate() {
        values.writer.insert(call.call.write.to_string(), index);
    }
    for (index, call) in calls.iter().enumerate() {
        let Some(answer) = call.answer else { continue };
        let read = answer.read.to_string();
        match values.writer.get(&read) {
            Some(&writer) if calls[writer].called > call.answered => {
                let words = format!(
                    "call {} read {}, which call {} wrote only afterwards",
                    call.call.call,
                    text(&answer.read),
                    calls[writer].call.call
                );
                return Err(Contradiction::between(&calls[writer], call, words));
            }
            None if values.first.is_some_and(|first| {
                calls[first]
                    .answer
                    .is_some_and(|first| first.read != answer.read)
            }) =>
            {
                let words = match answer.read.is_null() {
                    true => format!(
                        "call {} read nothing, as if it were the first",
                        call.call.call
                    ),
                    false => {
                        let read = text(&answer.read);
                        format!("call {} read {read}, which no call wrote", call.call.call)
                    }
                };
                return Err(Contradiction::between(call, call, words));
            }
            None => values.first = values.first.or(Some(index)),
            Some(_) => {}
        }
        if let Some(other) = values.reader.insert(read, index) {
            let words = format!(
                "calls {} and {} both read {}",
                calls[other].call.call,
                call.call.call,
                text(&answer.read)
            );
            return Err(Contradiction::between(&calls[other], call, words));
        }
    }
    Ok(values)
}

/// Follows the chain from each place where it begins.
fn pieces(calls: &[Operation<'_>]) -> Result<Vec<Piece>, Contradiction> {
    let values = values(calls)?;
    let mut is_placed = vec![false; calls.len()];
    let begins = |index: &usize| calls[*index].answer.is_none() || Some(*index) == values.first;
    let mut pieces = Vec::new();
    for start in (0..calls.len()).filter(begins) {
        let mut chain = vec![start];
        while let Some(&next) = values
            .reader
            .get(&calls[chain[chain.len() - 1]].call.write.to_string())
        {
            chain.push(next);
        }
        chain.iter().for_each(|index| is_placed[*index] = true);
        // A call without an answer whose value nobody read may as well not have happened.
        if chain.len() > 1 || calls[start].answer.is_some() {
            pieces.push(Piece::of(calls, chain, Some(start) == values.first));
        }
    }
    // What no beginning leads to runs in a circle.
    match is_placed.iter().position(|is_placed| !is_placed) {
        None => Ok(pieces),
        Some(index) => {
            let read = calls[index].answer.map(|answer| answer.read.to_string());
            let other = read.and_then(|read| values.writer.get(&read).copied());
            let other = other.unwrap_or(index);
            let words = format!(
                "calls {} and {} each come after the other, by what they read",
                calls[other].call.call, calls[index].call.call
            );
            Err(Contradiction::between(&calls[other], &calls[index], words))
        }
    }
}

impl Piece {
    fn of(calls: &[Operation<'_>], chain: Vec<usize>, is_first: bool) -> Self {
        let answered = chain.iter().map(|&index| (calls[index].answered, index));
        let called = chain.iter().map(|&index| (calls[index].called, index));
        Self {
            answered: answered
                .min_by(|a, b| a.0.total_cmp(&b.0))
                .unwrap_or((f64::INFINITY, 0)),
            called: called
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .unwrap_or((0.0, 0)),
            calls: chain,
            is_first,
        }
    }

    /// Why this piece cannot come before the other one: a call of the other was answered before one of this was made.
    fn cannot_precede(&self, other: &Self) -> Option<(usize, usize)> {
        (other.answered.0 < self.called.0).then_some((other.answered.1, self.called.1))
    }
}

/// Whether time agrees with the order of a chain.
fn in_time(calls: &[Operation<'_>], chain: &[usize]) -> Result<(), Contradiction> {
    let mut latest: Option<usize> = None;
    for &index in chain {
        if let Some(before) = latest
            && calls[index].answered < calls[before].called
        {
            return Err(out_of_order(calls, index, before));
        }
        if latest.is_none_or(|latest| calls[latest].called < calls[index].called) {
            latest = Some(index);
        }
    }
    Ok(())
}

/// Whether time allows an order of the pieces.
///
/// Two pieces may each have to precede the other. If no two do, an order exists: going round a longer circle would lead back in time.
fn in_some_order(calls: &[Operation<'_>], pieces: &[Piece]) -> Result<(), Contradiction> {
    for (index, piece) in pieces.iter().enumerate() {
        for other in &pieces[index + 1..] {
            let (before, after) = (piece.cannot_precede(other), other.cannot_precede(piece));
            let broken = match (before, after) {
                (Some(broken), _) if piece.is_first => Some(broken),
                (_, Some(broken)) if other.is_first => Some(broken),
                (Some(broken), Some(_)) => Some(broken),
                _ => None,
            };
            if let Some((early, late)) = broken {
                return Err(out_of_order(calls, early, late));
            }
        }
    }
    Ok(())
}

fn out_of_order(calls: &[Operation<'_>], early: usize, late: usize) -> Contradiction {
    let words = format!(
        "call {} was answered before call {} was made, but comes after it, by what they read",
        calls[early].call.call, calls[late].call.call
    );
    Contradiction::between(&calls[early], &calls[late], words)
}
