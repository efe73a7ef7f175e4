using Microsoft.Extensions.Time.Testing;
using Moq;
using Orders.Application;
using Orders.Domain;

namespace Orders.Tests.Application;

internal sealed class OrderServiceTests
{
    private readonly Mock<IOrderRepository> _orders = new(MockBehavior.Strict);
    private OrderService _service = null!;

    [SetUp]
    public void SetUp()
    {
        _orders.Reset();
        _orders.Setup(orders => orders.CountAsync(It.IsAny<CancellationToken>())).ReturnsAsync((1000, 4000));
        _service = new OrderService(_orders.Object, new OrderCounter(_orders.Object, TimeSpan.FromMinutes(1), new FakeTimeProvider()));
    }

    [TestCase(1, 0)]
    [TestCase(2, 100)]
    [TestCase(6, 500)]
    public async Task A_page_in_the_first_half_is_walked_to_from_the_start(int page, long offset)
    {
        _orders.Setup(orders => orders.SliceForwardAsync(0, offset, 100, It.IsAny<CancellationToken>())).ReturnsAsync(OrderSlice.Empty);
        OrderPage answer = await _service.PageAsync(page, 100, includeCount: true, null, CancellationToken.None);
        Assert.That((answer.Total?.Orders, answer.TotalPages), Is.EqualTo((1000, 10)));
    }

    [TestCase(7, 399)]
    [TestCase(10, 99)]
    public async Task A_page_in_the_second_half_is_walked_to_from_the_end(int page, long offsetFromEnd)
    {
        _orders.Setup(orders => orders.SliceBackwardAsync(4000, offsetFromEnd, 100, It.IsAny<CancellationToken>())).ReturnsAsync(OrderSlice.Empty);
        await _service.PageAsync(page, 100, includeCount: true, null, CancellationToken.None);
        _orders.Verify(orders => orders.SliceBackwardAsync(4000, offsetFromEnd, 100, It.IsAny<CancellationToken>()), Times.Once);
    }

    [TestCase(11, 0)]
    [TestCase(12, 100)]
    public async Task A_page_past_the_last_order_that_was_counted_is_looked_for_behind_it(int page, long offset)
    {
        _orders.Setup(orders => orders.SliceForwardAsync(4000, offset, 100, It.IsAny<CancellationToken>())).ReturnsAsync(OrderSlice.Empty);
        OrderPage answer = await _service.PageAsync(page, 100, includeCount: true, null, CancellationToken.None);
        Assert.That((answer.Slice.Orders.Count, answer.Slice.HasNext, answer.HasPrevious), Is.EqualTo((0, false, true)));
    }

    [Test]
    public async Task A_request_that_takes_no_age_is_walked_to_from_the_start()
    {
        await _service.CountAsync(null, CancellationToken.None);
        _orders.Setup(orders => orders.SliceForwardAsync(0, 900, 100, It.IsAny<CancellationToken>())).ReturnsAsync(OrderSlice.Empty);
        OrderPage page = await _service.PageAsync(10, 100, includeCount: false, TimeSpan.Zero, CancellationToken.None);
        Assert.That(page.Total, Is.Null);
    }

    [Test]
    public async Task Without_a_known_total_every_page_is_walked_to_from_the_start()
    {
        _orders.Setup(orders => orders.SliceForwardAsync(0, 2147483646000, 1000, It.IsAny<CancellationToken>())).ReturnsAsync(OrderSlice.Empty);
        OrderPage page = await _service.PageAsync(int.MaxValue, 1000, includeCount: false, null, CancellationToken.None);
        Assert.That((page.Total, page.TotalPages), Is.EqualTo(((OrderCount?)null, (long?)null)));
    }

    [Test]
    public async Task A_total_that_is_still_remembered_shortens_the_walk_of_a_page_without_count()
    {
        await _service.CountAsync(null, CancellationToken.None);
        _orders.Setup(orders => orders.SliceBackwardAsync(4000, 99, 100, It.IsAny<CancellationToken>())).ReturnsAsync(OrderSlice.Empty);
        OrderPage page = await _service.PageAsync(10, 100, includeCount: false, null, CancellationToken.None);
        Assert.That(page.Total, Is.Null);
    }

    [TestCase(0, 100, 0)]
    [TestCase(1, 100, 1)]
    [TestCase(100, 100, 1)]
    [TestCase(101, 100, 2)]
    [TestCase(long.MaxValue, 1, long.MaxValue)]
    [TestCase(long.MaxValue, 1000, 9223372036854776)]
    public void Pages_are_rounded_up(long total, int size, long pages)
    {
        var page = new OrderPage { Number = 1, Size = size, Slice = OrderSlice.Empty, Total = new OrderCount(total, total, TimeSpan.Zero) };
        Assert.That(page.TotalPages, Is.EqualTo(pages));
    }

    [TestCase(true, StatusChange.Changed)]
    [TestCase(false, StatusChange.OrderNotFound)]
    public async Task A_change_of_status_says_whether_there_was_such_an_order(bool found, StatusChange outcome)
    {
        _orders.Setup(orders => orders.UpdateStatusAsync(7, OrderStatus.Fulfilled, It.IsAny<CancellationToken>())).ReturnsAsync(found);
        Assert.That(await _service.ChangeStatusAsync(7, OrderStatus.Fulfilled, CancellationToken.None), Is.EqualTo(outcome));
    }
}
