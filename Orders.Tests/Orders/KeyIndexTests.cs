using Orders.Application.Orders;

namespace Orders.Tests.Orders;

internal sealed class KeyIndexTests
{
    private readonly KeyIndex _keys = new([0, 4000, 8000], [1000, 1000, 500]);

    [TestCase(0, 0, 0)]
    [TestCase(999, 0, 999)]
    [TestCase(1000, 4000, 0)]
    [TestCase(1999, 4000, 999)]
    [TestCase(2000, 8000, 0)]
    [TestCase(2499, 8000, 499)]
    [TestCase(2_147_483_646_000, 8000, 2_147_483_644_000)]
    public void An_offset_is_the_start_of_its_block_and_the_rest(long offset, long afterKey, long skip) =>
        Assert.That(_keys.Locate(offset), Is.EqualTo((afterKey, skip)));
}
