//! Laws over arbitrary segments.

use proptest::prelude::*;

use super::*;

/// The bytes both sides send in the laws.
fn sent(side: Side) -> Vec<u8> {
    let seed = if side == Side::A { 7u8 } else { 31 };
    (0..600u32).map(|index| u8::try_from(index % 251).unwrap().wrapping_mul(seed)).collect()
}

/// Segments that cover both sides' bytes, overlapping as `cuts` say, each side ending with a FIN.
fn covering(cuts: &[(bool, u16, u16)]) -> Vec<Shot> {
    let mut shots = Vec::new();
    for side in [Side::A, Side::B] {
        let all = sent(side);
        let mut from = 0;
        let own = cuts.iter().filter(|(a, ..)| *a == (side == Side::A));
        for (_, length, back) in own.chain(std::iter::once(&(true, 600, 0))) {
            let start = from.min(all.len()) - usize::from(*back).min(from.min(all.len()));
            let end = (start + usize::from(*length)).clamp(from.min(all.len()), all.len());
            shots.push(shot(side, 1 + u32::try_from(start).unwrap(), Flags::PSH, &all[start..end]));
            from = end;
        }
        shots.push(shot(side, 601, Flags::FIN, b""));
        shots.push(shot(side, 602, Flags::RST, b""));
    }
    shots
}

proptest! {
    #[test]
    fn any_order_and_repetition_gives_the_same_bytes(
        cuts in prop::collection::vec((any::<bool>(), 1u16..200, 0u16..60), 0..40),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        seed in any::<u64>(),
    ) {
        let shots = covering(&cuts);
        let mut play: Vec<usize> = (0..shots.len()).collect();
        // A shuffle of all, with repetitions strewn in.
        let mut state = seed | 1;
        for index in (1..play.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            play.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
        }
        for index in &order {
            let at = index.index(play.len());
            play.insert(at, index.index(shots.len()));
        }
        let mut tape = Tape::connected();
        for index in play {
            tape.play(&shots[index]);
        }
        let told = tape.end();
        prop_assert_eq!(&told.bytes, &[sent(Side::A), sent(Side::B)]);
        prop_assert!(told.gaps.is_empty());
        prop_assert_eq!(told.closed.len(), 1);
        // A reset that comes after both sides are done comes too late.
        prop_assert!(matches!(told.closed[0].1, How::Fin | How::Reset));
    }

    #[test]
    fn arbitrary_segments_keep_the_ceilings_and_the_running_maximum(
        shots in prop::collection::vec((
            any::<bool>(), prop_oneof![0u32..3000, any::<u32>()], any::<u8>(),
            prop::collection::vec(any::<u8>(), 0..40), prop_oneof![Just(0u32), any::<u32>()], 0u64..20, any::<u32>(),
        ), 0..120),
    ) {
        let mut tape = Tape::new();
        for (a, sequence, flags, payload, missing, pause, acknowledgement) in shots {
            tape.wait(pause);
            let from = if a { Side::A } else { Side::B };
            tape.play(&Shot { from, sequence, flags: Flags(flags), payload, missing, acknowledgement });
            prop_assert!(tape.connections.held() <= 2 * HELD_BYTES * tape.connections.count());
        }
        let told = tape.end();
        prop_assert!(told.frames.iter().all(|(frame, own)| frame >= own));
        prop_assert_eq!(told.opened.len(), told.closed.len());
    }
}
