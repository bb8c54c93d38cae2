//! Whatever happens in whatever order: nothing panics, and no order is made twice.

use super::{device_history::kept, *};
use crate::state::{
    device_history::{DeviceButton, DeviceFailure},
    early::Early,
    selection::Archive,
    viewer::Step,
    virtual_scroll::{Frame, Sight},
};
use contract::{
    frame_messages::{Look, PageMessage},
    options::Format,
    problem::ProblemKind,
};
use edge_clock::EdgeTime;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An event, but for what depends on the studio: ids and serials are drawn from a few that exist sooner or later.
pub(crate) fn event() -> impl Strategy<Value = Event> {
    let serial = 1_u32..6;
    let keys = (serial.clone(), 0_u32..4).prop_map(|(serial, index)| TileKey { serial, index });
    let id = prop_oneof![Just("ab"), Just("cd"), Just("ef")].prop_map(str::to_owned);
    let upload = (1_u32..8).prop_map(UploadId);
    let states = prop::sample::select(JobState::ALL);
    let picture = prop::sample::select(PictureState::ALL);
    let jobs = (id.clone(), 0_u64..9, states, prop::collection::vec(picture, 1..4)).prop_map(
        |(id, revision, state, pictures)| {
            let mut job = job_of(&pictures);
            (job.id, job.revision, job.state) = (id, revision, state);
            job
        },
    );
    let errors = studio_error();
    let answers = prop_oneof![3 => jobs.clone().prop_map(Ok), 2 => errors.clone().prop_map(Err)];
    let dues = prop_oneof![
        serial.clone().prop_map(Due::Reload),
        serial.clone().prop_map(Due::Resend),
        id.clone().prop_map(Due::Fetch),
        (serial.clone(), 0_u32..9).prop_map(|(serial, turn)| Due::Watch(serial, turn)),
        id.clone().prop_map(Due::Subscribe),
        id.clone().prop_map(Due::Cancel),
        Just(Due::Tick),
        Just(Due::SaveDraft),
        (0_u32..9).prop_map(Due::UndoExpires),
    ];
    let form = prop_oneof![
        Just(Event::PromptFocused),
        ".{0,34}".prop_map(Event::PromptChanged),
        (0_u32..9).prop_map(Event::CountChosen),
        prop::sample::select(Quality::ALL).prop_map(Event::QualityChosen),
        prop::sample::select(Format::ALL).prop_map(Event::FormatChosen),
        any::<bool>().prop_map(Event::TransparentChosen),
        Just(Event::OptionsToggled),
        (0_usize..9).prop_map(Event::IdeaPressed),
        prop::collection::vec(upload.clone(), 0..3).prop_map(Event::FilesAdded),
        upload.clone().prop_map(Event::UploadRemoved),
        upload.clone().prop_map(|id| Event::UploadReady { id, url: "blob:".to_owned() }),
        upload.clone().prop_map(Event::UploadFailed),
        upload.clone().prop_map(Event::UploadBlocked),
    ];
    let wall = prop_oneof![
        Just(Event::CancelPressed),
        serial.clone().prop_map(Event::TileCancelled),
        (keys.clone(), upload).prop_map(|(key, id)| Event::ChangePressed(key, id)),
        serial.clone().prop_map(Event::EditPressed),
        serial.clone().prop_map(|serial| Event::RetryPressed { serial, key: String::new() }),
        serial.clone().prop_map(Event::ProblemDismissed),
        keys.clone().prop_map(Event::ReusePressed),
        prop::collection::vec(keys.clone(), 0..3).prop_map(Event::DeletePressed),
        Just(Event::UndoPressed),
        any::<bool>().prop_map(Event::UndoHeld),
        any::<bool>().prop_map(Event::Selecting),
        (keys.clone(), any::<bool>()).prop_map(|(key, range)| Event::TilePicked { key, range }),
        Just(Event::AllPicked),
        Just(Event::SelectedDeleted),
        Just(Event::SelectedSaved),
        keys.clone().prop_map(Event::PictureFailed),
        (keys.clone(), any::<bool>()).prop_map(|(key, ok)| Event::PictureRefetched(key, ok)),
        keys.clone().prop_map(Event::PictureDeveloped),
        keys.clone().prop_map(|key| Event::PreviewDecoded { key, url: "p".to_owned() }),
        keys.clone().prop_map(|key| Event::ThumbnailReady { key, url: "t".to_owned() }),
        keys.clone().prop_map(Event::UsePressed),
        (keys, any::<bool>()).prop_map(|(key, ok)| Event::Handed { key, ok }),
    ];
    let edge = prop_oneof![
        (1_u32..9).prop_map(|left| Event::SessionOpened(Ok(session("t", left)))),
        errors.clone().prop_map(|error| Event::SessionOpened(Err(error))),
        (serial, answers.clone()).prop_map(|(serial, answer)| Event::JobCreated(serial, answer)),
        (id.clone(), answers).prop_map(|(id, answer)| Event::JobFetched(id, answer)),
        jobs.prop_map(|job| Event::JobStreamed(job.id.clone(), job)),
        (id.clone(), any::<bool>()).prop_map(|(id, over)| Event::StreamCut(id, over)),
        (id, errors).prop_map(|(id, error)| Event::CancelFailed(id, error)),
        prop::option::of(Just("check".to_owned())).prop_map(Event::ChallengeEnded),
        (any::<u64>(), any::<u64>()).prop_map(|(at, sent)| Event::EdgeTime(EdgeTime {
            at,
            within: 999,
            sent
        })),
    ];
    prop_oneof![
        3 => form,
        3 => Just(Event::Submitted { key: String::new() }),
        3 => wall,
        1 => for_many(),
        2 => viewer(),
        2 => device(),
        6 => edge,
        3 => dues.prop_map(Event::Due),
        1 => page_message().prop_map(|message| Event::HostMessage { message, key: String::new() }),
        1 => Just(Event::PageHidden),
    ]
}

/// What a request can fail with.
fn studio_error() -> impl Strategy<Value = StudioError> + Clone {
    prop_oneof![
        prop::sample::select(ProblemKind::ALL).prop_map(StudioError::of),
        Just(StudioError::Offline),
        Just(StudioError::Unreadable),
        Just(StudioError::Rate(3)),
        Just(StudioError::Concurrent),
        Just(StudioError::Unchecked),
        Just(StudioError::Refusals { resets_at: Some(Timestamp(T)) }),
    ]
}

/// What the page says to the frame.
fn page_message() -> impl Strategy<Value = PageMessage> {
    prop_oneof![
        Just(PageMessage::Set(Look { prompt: "x".to_owned(), ..Look::default() })),
        any::<bool>().prop_map(|expanded| {
            PageMessage::Set(Look { expanded: Some(expanded), ..Look::default() })
        }),
        Just(PageMessage::Generate { prompt: None }),
        Just(PageMessage::Generate { prompt: Some("a hare".to_owned()) }),
        Just(PageMessage::Cancel),
        Just(PageMessage::Clear),
        Just(PageMessage::Focus),
        Just(PageMessage::Reset),
    ]
}

/// What happens to the tools for many, and to the wall's size.
fn for_many() -> impl Strategy<Value = Event> {
    let keys = (1_u32..6, 0_u32..4).prop_map(|(serial, index)| TileKey { serial, index });
    let sight = (any::<i32>(), 0_u32..90_000)
        .prop_map(|(top, height)| Sight { top: top.into(), height: height.into() });
    let frame = (any::<[u32; 6]>(), any::<bool>()).prop_map(|(lengths, is_wide)| {
        let [width, gap, row, row_large, card, card_most] = lengths.map(i64::from);
        Frame { width, gap, row, row_large, card, card_most, is_wide }
    });
    prop_oneof![
        any::<bool>().prop_map(Event::UndoHeld),
        any::<bool>().prop_map(Event::Selecting),
        (keys, any::<bool>()).prop_map(|(key, range)| Event::TilePicked { key, range }),
        Just(Event::AllPicked),
        Just(Event::SelectedDeleted),
        Just(Event::SelectedSaved),
        sight.clone().prop_map(Event::Scrolled),
        (frame, sight).prop_map(|(frame, sight)| Event::WallMeasured { frame, sight }),
        prop::collection::vec(any::<i32>().prop_map(i64::from), 0..3)
            .prop_map(Event::CardsMeasured),
    ]
}

/// What happens to the viewer, and to the part of the program that it is in.
fn viewer() -> impl Strategy<Value = Event> {
    let keys = (1_u32..6, 0_u32..4).prop_map(|(serial, index)| TileKey { serial, index });
    let url = || "blob:zip".to_owned();
    let archive = Just(Archive { url: url(), name: "a.zip".to_owned() });
    prop_oneof![
        6 => keys.clone().prop_map(Event::ViewerOpened),
        4 => prop::sample::select(vec![Step::Previous, Step::Next]).prop_map(Event::ViewerStepped),
        1 => Just(Event::ViewerClosed),
        3 => keys.clone().prop_map(Event::PictureLoaded),
        1 => keys.prop_map(Event::DownloadPressed),
        2 => Just(Event::LazyPartMounted),
        1 => Just(Event::LazyPartMissing),
        1 => Just(Event::PartMissing),
        1 => (prop::option::of(archive), any::<bool>())
            .prop_map(|(archive, away)| Event::ArchiveMade { archive, away }),
        1 => Just(Event::Due(Due::ReleaseArchive(url()))),
    ]
}

/// What happens to the device history.
fn device() -> impl Strategy<Value = Event> {
    let serial = 1_u32..6;
    let keys = (serial.clone(), 0_u32..4).prop_map(|(serial, index)| TileKey { serial, index });
    let id = prop::sample::select(vec!["ab", "cd", "ef", "gh"]);
    let pictures = (id, 0_u64..9, 0_u32..4)
        .prop_map(|(id, days, index)| kept(id, T.saturating_sub(days * 86_400_000), index));
    let buttons = prop::sample::select(vec![
        DeviceButton::Keep,
        DeviceButton::NotNow,
        DeviceButton::Stop,
        DeviceButton::GoOn,
        DeviceButton::StopAll,
    ]);
    let failures = vec![DeviceFailure::Full, DeviceFailure::Refused, DeviceFailure::Newer];
    prop_oneof![
        4 => buttons.prop_map(Event::DevicePressed),
        3 => prop::collection::vec(pictures.clone(), 0..4).prop_map(Event::DeviceOpened),
        1 => Just(Event::DeviceDeleted),
        1 => Just(Event::DeviceBlocked),
        1 => prop::sample::select(failures).prop_map(Event::DeviceFailed),
        6 => (keys.clone(), pictures)
            .prop_map(|(key, picture)| Event::PictureKept(key, Box::new(picture))),
        2 => (keys, any::<bool>()).prop_map(|(key, gone)| Event::PictureNotKept { key, gone }),
        1 => serial.prop_map(|serial| Event::Due(Due::Keep(serial))),
    ]
}

/// Whether only the device history makes such an event.
const fn is_of_the_device(event: &Event) -> bool {
    matches!(
        event,
        Event::DevicePressed(_)
            | Event::DeviceOpened(_)
            | Event::DeviceDeleted
            | Event::DeviceBlocked
            | Event::DeviceFailed(_)
            | Event::PictureKept(..)
            | Event::PictureNotKept { .. }
    )
}

/// What the viewer shows hangs, in the place that it says; what is selected hangs; the device is asked for one picture at a
/// time, and for nothing where the site does not offer it.
fn check_lazy_part(
    studio: &Studio,
    commands: &[Command],
    keeps: bool,
) -> Result<(), TestCaseError> {
    let pictures: Vec<_> = studio.pictures().collect();
    let view = studio.viewer_view();
    prop_assert_eq!(view.is_some(), studio.viewer.is_some(), "an open viewer shows something");
    if let Some(view) = view {
        prop_assert_eq!(pictures.get(view.place - 1), Some(&view.key));
        prop_assert_eq!(pictures.len(), view.of);
    }
    for key in studio.picked() {
        prop_assert!(pictures.contains(key), "{:?} is selected and does not hang", key);
    }
    let asked = commands.iter().filter(|it| matches!(it, Command::Device(_))).count();
    prop_assert!(keeps || asked == 0, "this site keeps nothing");
    let stored = |it: &&Command| matches!(it, Command::Device(command::DeviceCommand::Keep { .. }));
    prop_assert!(commands.iter().filter(stored).count() < 2);
    Ok(())
}

/// Gives each event that may begin an intent a key that no other has.
pub(crate) fn with_key(event: Event, at: usize) -> Event {
    match event {
        Event::Submitted { .. } => Event::Submitted { key: format!("k{at}") },
        Event::RetryPressed { serial, .. } => Event::RetryPressed { serial, key: format!("k{at}") },
        Event::HostMessage { message, .. } => Event::HostMessage { message, key: format!("k{at}") },
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_no_order_has_two_keys_and_no_more_than_allowed_are_sent_at_once(
        events in prop::collection::vec((event(), 0_u64..3_000), 0..90),
        concurrent in 1_u32..3,
        [guarded, keeps, agreed, hosted] in any::<[bool; 4]>(),
    ) {
        let challenge = guarded.then(challenge);
        let history = if keeps { History::Device } else { History::Session };
        let mut studio = Studio::new(Site { concurrent, challenge, history, ..site() });
        let early = Early { hosted, ..Early::default() };
        let start = Start { agreed, early, key: "e".to_owned(), ..Start::default() };
        studio.apply(Event::Started(Box::new(start)), T);
        let (mut now, mut orders, mut views) = (T, BTreeMap::new(), BTreeMap::new());
        for (at, (event, later)) in events.into_iter().enumerate() {
            now += later;
            if !keeps && is_of_the_device(&event) {
                continue;
            }
            let before: BTreeSet<_> =
                studio.requests.iter().filter(|it| it.takes_a_place()).map(|it| it.serial).collect();
            let commands = studio.apply(with_key(event, at), now);
            for command in &commands {
                if let Command::PostJob { serial, key, request, uploads, .. } = command {
                    let order = (*serial, request.clone(), uploads.clone());
                    let known = orders.entry(key.clone()).or_insert_with(|| order.clone());
                    prop_assert_eq!(known, &order, "a key stands for one order");
                    let serials = orders.values().filter(|known| known.0 == *serial).count();
                    prop_assert_eq!(serials, 1, "an order has one key");
                }
            }
            // A card that is tried again takes its place back: nothing else begins beyond what the site allows.
            let after: Vec<_> =
                studio.requests.iter().filter(|it| it.takes_a_place()).map(|it| it.serial).collect();
            let begun = after.iter().any(|serial| !before.contains(serial));
            if begun && after.len() > concurrent as usize {
                let retried = commands.iter().any(|it| matches!(it, Command::Announce(Announcement::Making(_))));
                let answered = commands.iter().any(|it| matches!(it, Command::Subscribe(_)));
                prop_assert!(retried || answered, "{:?} began", after);
            }
            check_lazy_part(&studio, &commands, keeps)?;
            // What the views have been told of is what there is.
            for serial in studio.take_dirty() {
                views.insert(serial, studio.tiles_of(serial, now));
            }
            for request in studio.requests.iter().filter(|it| !it.is_open()) {
                let known = views.get(&request.serial);
                prop_assert_eq!(known, Some(&studio.tiles_of(request.serial, now)));
            }
            let tiles = studio.order();
            let once: BTreeSet<_> = tiles.iter().collect();
            prop_assert_eq!(once.len(), tiles.len(), "each place hangs once");
        }
    }
}
