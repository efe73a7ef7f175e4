using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orders.Api.Orders;
using Orders.Domain;

namespace Orders.Tests.Orders;

internal sealed class OrdersJsonTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(2, 1)]
    [TestCase(100, 100)]
    [TestCase(1000, 1000)]
    [TestCase(1000, 1)]
    public void Orders_written_one_by_one_are_the_array_that_they_are_in_one_piece(int count, int expected)
    {
        Order[] orders = [.. Enumerable.Range(1, count).Select(number => Order(number, new string('ü', number % 80)))];
        Assert.That(Write(orders, expected), Is.EqualTo(InOnePiece(orders)));
    }

    [TestCase(1_000)]
    [TestCase(40_000)]
    [TestCase(300_000)]
    public void An_order_may_be_larger_than_a_segment(int length)
    {
        Order[] orders = [Order(1, "small"), Order(2, new string('\u20ac', length)), Order(3, "\"\\\n\u0001</script>")];
        Assert.That(Write(orders, orders.Length), Is.EqualTo(InOnePiece(orders)));
    }

    private static string Write(Order[] orders, int expected)
    {
        var json = new OrdersJson(expected);
        foreach (Order order in orders)
        {
            json.Add(order);
        }

        json.Complete();
        Assert.That(json.Count, Is.EqualTo(orders.Length));
        return Encoding.UTF8.GetString(json.Json);
    }

    private static string InOnePiece(Order[] orders) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(orders.Select(OrderResponse.From).ToArray(), Plain));

    private static Order Order(long key, string comment) => new()
    {
        OrderKey = key,
        CustomerKey = key * 3,
        Status = "O",
        TotalPrice = key / 4m,
        OrderDate = new DateOnly(1996, 1, 2),
        Priority = "5-LOW",
        Clerk = "Clerk#000000951",
        ShipPriority = 0,
        Comment = comment,
    };
}
