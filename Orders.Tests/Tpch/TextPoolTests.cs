using System.Text;
using Orders.Infrastructure.Tpch;

namespace Orders.Tests.Tpch;

public sealed class TextPoolTests
{
    [Test]
    public void The_whole_pool_equals_dbgens()
    {
        var pool = TextPool.Create(CancellationToken.None);

        Assert.That(GeneratedText.Md5(pool.Cut(0, TextPool.Length)), Is.EqualTo("0f85e3af02482a7035e80b448c795a4c"));
    }

    [Test]
    public void A_section_ends_where_the_next_one_starts()
    {
        (int start, int end, uint seed) = TextPoolSections.Get(0);

        uint after = TextPool.WriteSection(new byte[end - start], seed);

        Assert.That(after, Is.EqualTo(TextPoolSections.Get(1).Seed));
    }

    [Test]
    public void Sections_cover_the_pool_without_gaps()
    {
        var sections = Enumerable.Range(0, TextPoolSections.Count).Select(TextPoolSections.Get).ToList();

        Assert.That(sections[0].Start, Is.Zero);
        Assert.That(sections.Skip(1).Select(section => section.Start), Is.EqualTo(sections.SkipLast(1).Select(section => section.End)));
        Assert.That(sections[^1].End, Is.EqualTo(TextPool.Length));
    }

    [Test]
    public void Text_cut_off_within_a_sentence_is_a_prefix_of_longer_text()
    {
        byte[] longer = new byte[5000];
        TextPool.WriteSection(longer, StreamSeeds.Text);

        for (int length = 1; length < 1200; length += 37)
        {
            byte[] shorter = new byte[length];
            TextPool.WriteSection(shorter, StreamSeeds.Text);
            Assert.That(Encoding.ASCII.GetString(shorter), Is.EqualTo(Encoding.ASCII.GetString(longer, 0, length)));
        }
    }

    [Test]
    public void A_word_is_written_with_its_ending_and_chosen_by_its_weight()
    {
        var words = new WordList("a 2, in place of 1", ending: " the ");
        string written = string.Join('|', Enumerable.Range(0, 3).Select(draw => WordOf(words, draw)));

        Assert.That(words.TotalWeight, Is.EqualTo(3));
        Assert.That(written, Is.EqualTo("a the |a the |in place of the "));
    }

    private static string WordOf(WordList words, int draw)
    {
        byte[] target = new byte[WordList.SlotLength];
        int length = words.Write(draw, ref target[0]);
        return Encoding.ASCII.GetString(target, 0, length);
    }
}
