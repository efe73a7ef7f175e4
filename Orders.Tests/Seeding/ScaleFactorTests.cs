using Orders.Application.Seeding;

namespace Orders.Tests.Seeding;

public sealed class ScaleFactorTests
{
    [TestCase("0.01", 15_000)]
    [TestCase("0.1", 150_000)]
    [TestCase("0.5", 750_000)]
    [TestCase("1", 1_500_000)]
    [TestCase("2.5", 3_750_000)]
    [TestCase("0.0125", 18_750)]
    [TestCase("1000", 1_500_000_000)]
    [TestCase("1432", 2_148_000_000)]
    [TestCase("29999.9", 44_999_850_000)]
    public void Scale_factor_1_is_one_and_a_half_million_orders(string text, long orders) =>
        Assert.That(ScaleFactor.Parse(text).Orders, Is.EqualTo(orders));

    [Test]
    public void The_smallest_table_holds_one_order() => Assert.That(ScaleFactor.Parse("0.0000000001").Orders, Is.EqualTo(1));

    [TestCase("")]
    [TestCase("one")]
    [TestCase("1,5")]
    [TestCase("1e3")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("0x10")]
    [TestCase("1 000")]
    public void Text_that_is_not_a_number_is_refused_with_a_sentence(string text) =>
        Assert.That(() => ScaleFactor.Parse(text), Throws.TypeOf<SeedException>().With.Message.EqualTo(
            $"The scale factor '{text}' is not a number. Write it like 0.01, 1 or 100."));

    [TestCase("0")]
    [TestCase("0.000")]
    [TestCase("-1")]
    public void A_number_that_is_not_positive_is_refused_with_a_sentence(string text) =>
        Assert.That(() => ScaleFactor.Parse(text), Throws.TypeOf<SeedException>().With.Message.EqualTo(
            $"The scale factor must be greater than 0, and {text} is not."));

    [TestCase("30000")]
    [TestCase("100001")]
    public void A_scale_factor_without_one_correct_table_is_refused_with_a_sentence(string text) =>
        Assert.That(() => ScaleFactor.Parse(text), Throws.TypeOf<SeedException>().With.Message.EqualTo(
            $"The scale factor must be below 30,000, and {text} is not."));
}
