//! Several processes with one cache.

use std::collections::HashSet;

use crate::support::child::{Ends, Report};
use crate::support::worker::Workers;

on_each_store! {
    async fn thirty_two_first_calls_in_eight_processes_compute_once(store: &TestStore) {
        let mut workers = Workers::new(store);
        for worker in 1..=8 {
            workers.call(worker, 4, Ends::Well);
        }
        let computing = workers.wait_for("computing", 1).await[0];
        workers.wait_for("waits for", 31).await;
        workers.go(computing);

        let reports = workers.reports(32).await;
        let (mut misses, mut waits) = (0, 0);
        for (_, report) in &reports {
            let Report::Found { origin, value, worker } = report else {
                panic!("a call failed: {report:?}");
            };
            assert_eq!((value.as_str(), *worker), ("A", computing));
            match origin.as_str() {
                "miss" => misses += 1,
                "wait" => waits += 1,
                _ => panic!("nothing was there to hit: {report:?}"),
            }
        }
        assert_eq!((misses, waits, workers.runs()), (1, 31, 1));
    }

    async fn when_the_computing_process_is_killed_one_that_waits_takes_over(store: &TestStore) {
        let mut workers = Workers::new(store);
        workers.call(1, 1, Ends::Well);
        workers.wait_for("computing", 1).await;
        for worker in 2..=4 {
            workers.call(worker, 2, Ends::Well);
        }
        workers.wait_for("waits for", 6).await;

        workers.kill(1);
        let computing = workers.wait_for("computing", 2).await[1];
        workers.go(computing);
        let reports = workers.reports(6).await;
        let by: HashSet<_> = reports
            .iter()
            .map(|(_, report)| match report {
                Report::Found { worker, .. } => *worker,
                failed => panic!("a call failed: {failed:?}"),
            })
            .collect();
        assert_eq!((by, workers.runs()), (HashSet::from([computing]), 2));
    }

    async fn when_the_computing_call_is_given_up_one_that_waits_takes_over(store: &TestStore) {
        let mut workers = Workers::new(store);
        workers.call(1, 1, Ends::GivenUp);
        workers.wait_for("computing", 1).await;
        workers.call(2, 2, Ends::Well);
        workers.call(3, 2, Ends::Well);
        workers.wait_for("waits for", 4).await;

        workers.go(1);
        let computing = workers.wait_for("computing", 2).await[1];
        workers.go(computing);
        let reports = workers.reports(5).await;
        assert!(reports.contains(&(1, Report::GaveUp)), "{reports:?}");
        let found = |(_, report): &&(u32, Report)| matches!(report, Report::Found { worker, .. } if *worker == computing);
        assert_eq!((reports.iter().filter(found).count(), workers.runs()), (4, 2), "{reports:?}");
    }

    async fn a_failure_reaches_those_who_waited_and_is_not_cached(store: &TestStore) {
        let mut workers = Workers::new(store);
        workers.call(1, 2, Ends::Failing);
        workers.wait_for("computing", 1).await;
        workers.call(2, 2, Ends::Well);
        workers.wait_for("waits for", 3).await;

        workers.go(1);
        let reports = workers.reports(4).await;
        let told = Report::Waited("what this call waited for failed in worker 1: the oven is cold".to_owned());
        let failed = Report::Failed("the oven is cold".to_owned());
        assert_eq!(reports.iter().filter(|(_, report)| *report == told).count(), 3, "{reports:?}");
        assert!(reports.contains(&(1, failed)), "{reports:?}");
        assert_eq!(workers.runs(), 1);

        workers.call(3, 1, Ends::Well);
        workers.wait_for("computing", 2).await;
        workers.go(3);
        let (_, last) = workers.reports(5).await.pop().unwrap();
        assert!(matches!(last, Report::Found { origin, .. } if origin == "miss"));
    }

    async fn a_panic_reaches_those_who_waited(store: &TestStore) {
        let mut workers = Workers::new(store);
        workers.call(1, 1, Ends::Panicking);
        workers.wait_for("computing", 1).await;
        workers.call(2, 1, Ends::Well);
        workers.wait_for("waits for", 1).await;

        workers.go(1);
        let reports = workers.reports(2).await;
        assert!(reports.contains(&(1, Report::Panicked)), "{reports:?}");
        let told = "what this call waited for failed in worker 1: it panicked: the oven is on fire";
        assert!(reports.contains(&(2, Report::Waited(told.to_owned()))), "{reports:?}");
    }

    async fn the_limit_holds_at_every_moment_whoever_writes(store: &TestStore) {
        let cache = store.cache(shared_cache::Settings::default()).await;
        let mut workers = Workers::new(store);
        for worker in 1..=4 {
            workers.compute(worker, 60, 10);
        }
        for (_, report) in workers.reports(4).await {
            let Report::Most(most) = report else { panic!("a call failed: {report:?}") };
            assert!(most <= 10, "{most} entries were live");
        }
        assert_eq!(cache.live_entries().await.unwrap(), 10);
    }
}
