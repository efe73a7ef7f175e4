using Orders.Infrastructure.Postgres;

namespace Orders.Tests.Postgres;

internal sealed class WalPositionTests
{
    private static readonly WalPosition Place = new(7712566943534535497, 3, 0x1_5000_0028);

    [Test]
    public void A_token_is_read_back() => Assert.That(WalPosition.FromToken(Place.ToToken()), Is.EqualTo(Place));

    [TestCase("")]
    [TestCase("a")]
    [TestCase("not a token, and rather a long one")]
    [TestCase("AAAAAAAAAAAAAAABAAAAAAAAAAEA")]
    [TestCase("ÄÖÜ")]
    public void What_is_no_token_can_not_be_reached(string token) => Assert.That(WalPosition.FromToken(token), Is.EqualTo(WalPosition.Unreachable));

    [Test]
    public void A_place_shows_what_is_before_it_in_its_own_log_alone()
    {
        Assert.That(Place.HasReached(Place with { Lsn = 1 }), Is.True);
        Assert.That(Place.HasReached(Place), Is.True);
        Assert.That(Place.HasReached(Place with { Lsn = Place.Lsn + 1 }), Is.False);
        Assert.That(Place.HasReached(Place with { Lsn = 1, Timeline = 2 }), Is.False);
        Assert.That(Place.HasReached(Place with { Lsn = 1, System = 2 }), Is.False);
    }

    [Test]
    public void The_later_of_two_places_shows_both()
    {
        WalPosition before = Place with { Lsn = 1 };
        Assert.That(WalPosition.Later(null, Place), Is.EqualTo(Place));
        Assert.That(WalPosition.Later(Place, null), Is.EqualTo(Place));
        Assert.That(WalPosition.Later(before, Place), Is.EqualTo(Place));
        Assert.That(WalPosition.Later(Place, before), Is.EqualTo(Place));
        Assert.That(WalPosition.Later(Place, before with { Timeline = 2 }), Is.EqualTo(WalPosition.Unreachable));
    }
}
