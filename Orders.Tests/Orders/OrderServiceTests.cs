using Microsoft.Extensions.Time.Testing;
using Moq;
using Orders.Application.Orders;

namespace Orders.Tests.Orders;

internal sealed class OrderServiceTests
{
    private readonly Mock<IOrderRepository> _orders = new(MockBehavior.Strict);
    private OrderService _service = null!;

    [SetUp]
    public void SetUp()
    {
        _orders.Reset();
        _orders.Setup(orders => orders.ReadKeyIndexAsync(It.IsAny<KeyIndex?>(), It.IsAny<CancellationToken>())).ReturnsAsync(Keys(1000, 1000, 500));
        _service = new OrderService(_orders.Object, new CountCache(_orders.Object, TimeSpan.FromMinutes(1), new FakeTimeProvider()), Random.Shared);
    }

    [TestCase(1, 0)]
    [TestCase(2, 100)]
    [TestCase(41, 4000)]
    public async Task A_page_near_the_start_needs_no_count(int page, long skip)
    {
        Expect(afterKey: 0, skip);
        OrderPage answer = await _service.PageAsync(page, 100, includeCount: false, null, CancellationToken.None);
        Assert.That((answer.Total, answer.TotalPages), Is.EqualTo(((OrderCount?)null, (long?)null)));
        _orders.Verify(orders => orders.ReadKeyIndexAsync(It.IsAny<KeyIndex?>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [TestCase(42, 8000, 2100)]
    [TestCase(100, 8000, 7900)]
    public async Task A_deep_page_is_walked_to_from_the_boundary_before_it(int page, long boundary, long skip)
    {
        Expect(boundary, skip);
        OrderPage counted = await _service.PageAsync(page, 100, includeCount: true, null, CancellationToken.None);
        OrderPage uncounted = await _service.PageAsync(page, 100, includeCount: false, null, CancellationToken.None);
        Assert.That((counted.Total?.Orders, counted.TotalPages, uncounted.Total), Is.EqualTo((2500, 25, (OrderCount?)null)));
        _orders.Verify(orders => orders.SliceAsync(boundary, skip, 100, It.IsAny<CancellationToken>()), Times.Exactly(2));
        _orders.Verify(orders => orders.ReadKeyIndexAsync(It.IsAny<KeyIndex?>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Test]
    public async Task The_last_possible_page_is_no_overflow()
    {
        Expect(8000, 2147483644000);
        OrderPage page = await _service.PageAsync(int.MaxValue, 1000, includeCount: false, null, CancellationToken.None);
        Assert.That((page.Slice.Orders.Count, page.Slice.HasNext, page.HasPrevious), Is.EqualTo((0, false, true)));
    }

    [Test]
    public async Task A_page_past_the_end_has_no_way_back_by_cursor()
    {
        _orders.Setup(orders => orders.SliceAsync(8000, 2600, 100, It.IsAny<CancellationToken>())).ReturnsAsync(EmptySlice with { PreviousCursor = 9600 });
        OrderPage page = await _service.PageAsync(47, 100, includeCount: false, null, CancellationToken.None);
        Assert.That(page.Slice.PreviousCursor, Is.Null);
    }

    [TestCase(0, 100, 0)]
    [TestCase(1, 100, 1)]
    [TestCase(100, 100, 1)]
    [TestCase(101, 100, 2)]
    [TestCase(long.MaxValue, 1, long.MaxValue)]
    [TestCase(long.MaxValue, 1000, 9223372036854776)]
    public void Pages_are_rounded_up(long total, int size, long pages)
    {
        var page = new OrderPage { Number = 1, Size = size, Slice = EmptySlice, Total = new OrderCount(Keys(total), TimeSpan.Zero) };
        Assert.That(page.TotalPages, Is.EqualTo(pages));
    }

    private static OrderSlice EmptySlice => new() { Orders = [], NextCursor = null, PreviousCursor = null };

    private static KeyIndex Keys(params long[] counts) => new([.. counts.Select((_, block) => 4000L * block)], counts);

    private void Expect(long afterKey, long skip) =>
        _orders.Setup(orders => orders.SliceAsync(afterKey, skip, It.IsAny<int>(), It.IsAny<CancellationToken>())).ReturnsAsync(EmptySlice);
}
