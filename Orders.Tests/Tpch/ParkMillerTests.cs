using Orders.Infrastructure.Tpch;

namespace Orders.Tests.Tpch;

public sealed class ParkMillerTests
{
    [Test]
    public void The_ten_thousandth_number_after_1_equals_the_published_one()
    {
        uint seed = 1u;
        for (int step = 0; step < 10_000; step++)
        {
            seed = ParkMiller.Next(seed);
        }

        Assert.That(seed, Is.EqualTo(1_043_618_065));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(123_456)]
    public void A_skip_equals_the_same_number_of_single_steps(int steps)
    {
        uint seed = StreamSeeds.LinePart;
        for (int step = 0; step < steps; step++)
        {
            seed = ParkMiller.Next(seed);
        }

        Assert.That(ParkMiller.Skip(StreamSeeds.LinePart, steps), Is.EqualTo(seed));
    }

    [Test]
    public void Skipping_whole_periods_returns_to_the_start()
    {
        const long period = int.MaxValue - 1L;

        Assert.That(ParkMiller.Skip(StreamSeeds.Text, period), Is.EqualTo(StreamSeeds.Text));
        Assert.That(ParkMiller.Skip(StreamSeeds.Text, 49 * period), Is.EqualTo(StreamSeeds.Text));
    }

    [Test]
    public void The_largest_seed_is_reduced_correctly()
    {
        const uint largest = int.MaxValue - 1;

        Assert.That(ParkMiller.Next(largest), Is.EqualTo((uint)(largest * 16807L % int.MaxValue)));
        Assert.That(ParkMiller.Multiply(largest, largest), Is.EqualTo(1));
    }

    [Test]
    public void Draws_stay_in_their_range_and_reach_both_ends()
    {
        var stream = new RandomStream(StreamSeeds.LineTax);
        var drawn = new HashSet<long>();
        for (int draw = 0; draw < 1000; draw++)
        {
            drawn.Add(stream.Draw(9));
        }

        Assert.That(drawn.Order(), Is.EqualTo(Enumerable.Range(0, 9)));
    }
}
