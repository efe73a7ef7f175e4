using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Weighted words of one part of speech (TPC-H clause 4.2.2.14). Each word lies with what follows it (a blank, a comma, an article) in a slot
/// of 32 bytes whose last byte is the length, so that a word is written with one store instead of a loop over its letters.
/// </summary>
internal sealed class WordList
{
    /// <summary>A write touches this many bytes of the target, whatever the word's length.</summary>
    public const int SlotLength = 32;

    private readonly byte[] slotOfDraw;
    private readonly byte[] slots;

    /// <param name="words">Words and weights: <c>sleep 20, ought to 1</c>.</param>
    /// <param name="ending">What is written after each word.</param>
    public WordList(string words, string ending)
    {
        var entries = words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var draws = new List<byte>();
        slots = new byte[entries.Length * SlotLength];
        for (var slot = 0; slot < entries.Length; slot++)
        {
            var weightAt = entries[slot].LastIndexOf(' ');
            var length = Encoding.ASCII.GetBytes(entries[slot][..weightAt] + ending, slots.AsSpan(slot * SlotLength, SlotLength - 1));
            slots[(slot * SlotLength) + SlotLength - 1] = (byte)length;
            var weight = int.Parse(entries[slot].AsSpan(weightAt + 1));
            draws.AddRange(Enumerable.Repeat((byte)slot, weight));
        }

        slotOfDraw = [.. draws];
        TotalWeight = slotOfDraw.Length;
    }

    /// <summary>The number of draws a word is chosen from; a double, as the streams want it.</summary>
    public double TotalWeight { get; }

    /// <summary>Writes the drawn word at <paramref name="target"/> and returns its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(long draw, ref byte target)
    {
        var start = slotOfDraw[draw] * SlotLength;
        Vector256.LoadUnsafe(ref slots[start]).StoreUnsafe(ref target);
        return slots[start + SlotLength - 1];
    }
}
