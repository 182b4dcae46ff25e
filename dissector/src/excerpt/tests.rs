use super::numbers::Numbers;

#[test]
fn numbers_are_kept_one_by_one() {
    let mut numbers = Numbers::default();
    for number in [1, 63, 64, 1000] {
        numbers.insert(number);
    }
    let kept = (0..2000).filter(|number| numbers.contains(*number)).collect::<Vec<_>>();
    assert_eq!(kept, [1, 63, 64, 1000]);
}
