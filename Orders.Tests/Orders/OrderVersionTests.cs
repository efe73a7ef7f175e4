using Orders.Domain;

namespace Orders.Tests.Orders;

internal sealed class OrderVersionTests
{
    private static readonly Order First = new()
    {
        OrderKey = 1,
        CustomerKey = 370,
        Status = "O",
        TotalPrice = 172799.49m,
        OrderDate = new DateOnly(1996, 1, 2),
        Priority = "5-LOW",
        Clerk = "Clerk#000000951",
        ShipPriority = 0,
        Comment = "nstructions sleep furiously among ",
    };

    private static IEnumerable<Order> Others =>
    [
        First with { OrderKey = 2 },
        First with { CustomerKey = 371 },
        First with { Status = "F" },
        First with { Status = "" },
        First with { TotalPrice = 172799.50m },
        First with { TotalPrice = -172799.49m },
        First with { OrderDate = new DateOnly(1996, 1, 3) },
        First with { Priority = "5-LOW " },
        First with { Clerk = "" },
        First with { ShipPriority = -1 },
        First with { Comment = "nstructions sleep furiously among" },
        First with { Comment = "nstructions sleep furiously among ä" },
        First with { Comment = new string('x', 5000) },
        First with { Priority = "5-LOWClerk", Clerk = "#000000951" },
    ];

    /// <summary>A client may keep it: it is the same for every version of this service.</summary>
    [Test]
    public void The_version_of_an_order_never_changes_by_itself() =>
        Assert.That(OrderVersion.Of(First).ToString(), Is.EqualTo("Ewnia3iK3PjwVDKn"));

    [Test]
    public void Equal_orders_have_one_version() => Assert.That(OrderVersion.Of(First with { TotalPrice = 172799.490m }), Is.EqualTo(OrderVersion.Of(First)));

    [Test]
    public void Every_field_is_a_part_of_the_version() =>
        Assert.That(Others.Append(First).Select(order => OrderVersion.Of(order).ToString()), Is.Unique);

    [Test]
    public void A_version_is_read_from_its_text()
    {
        foreach (OrderVersion version in Others.Select(OrderVersion.Of))
        {
            Assert.That(OrderVersion.TryParse(version.ToString(), out OrderVersion read), Is.True);
            Assert.That((read, read.ToBytes()), Is.EqualTo((version, version.ToBytes())));
        }
    }

    [TestCase("")]
    [TestCase("Ewnia3iK3PjwVDK")]
    [TestCase("Ewnia3iK3PjwVDKnA")]
    [TestCase("Ewnia3iK3PjwVDK=")]
    [TestCase("Ewnia3iK3Pjw DKn")]
    [TestCase("Ewnia3iK3Pjw+DKn")]
    [TestCase("äwnia3iK3PjwVDKn")]
    public void Other_texts_are_no_versions(string text) => Assert.That(OrderVersion.TryParse(text, out _), Is.False);
}
