using Orders.Domain;

namespace Orders.Tests.Orders;

internal sealed class OrderStatusTests
{
    [TestCase("O")]
    [TestCase("F")]
    [TestCase("P")]
    public void The_three_codes_of_TPC_H_may_be_written(string code) => Assert.That(OrderStatus.FromCode(code)?.Code, Is.EqualTo(code));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("o")]
    [TestCase("X")]
    [TestCase("O ")]
    [TestCase("OF")]
    public void No_other_code_may_be_written(string? code) => Assert.That(OrderStatus.FromCode(code), Is.Null);
}
