using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Weighted words of one part of speech (TPC-H clause 4.2.2.14). Each word, with the blank, comma or article that follows it, has a slot
/// of 32 bytes whose last byte is the length, so a word is written with one store instead of a loop over its letters.
/// </summary>
internal sealed class WordList
{
    /// <summary>In bytes. A write overwrites this many bytes of the target, whatever the length of the word.</summary>
    public const int SlotLength = 32;

    private readonly byte[] _slotOfDraw;
    private readonly byte[] _slots;

    /// <param name="words">Words and weights: <c>sleep 20, ought to 1</c>.</param>
    /// <param name="ending">The text after each word.</param>
    public WordList(string words, string ending)
    {
        string[] entries = words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var draws = new List<byte>();
        _slots = new byte[entries.Length * SlotLength];
        for (int slot = 0; slot < entries.Length; slot++)
        {
            int weightAt = entries[slot].LastIndexOf(' ');
            int length = Encoding.ASCII.GetBytes(entries[slot][..weightAt] + ending, _slots.AsSpan(slot * SlotLength, SlotLength - 1));
            _slots[(slot * SlotLength) + SlotLength - 1] = (byte)length;
            int weight = int.Parse(entries[slot].AsSpan(weightAt + 1));
            draws.AddRange(Enumerable.Repeat((byte)slot, weight));
        }

        _slotOfDraw = [.. draws];
        TotalWeight = _slotOfDraw.Length;
    }

    /// <summary>The sum of the weights; a double, because <see cref="RandomStream.Draw"/> takes one.</summary>
    public double TotalWeight { get; }

    /// <summary>Writes the word of <paramref name="draw"/>, a number below <see cref="TotalWeight"/>.</summary>
    /// <returns>The length of the word in bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(long draw, ref byte target)
    {
        int start = _slotOfDraw[draw] * SlotLength;
        Vector256.LoadUnsafe(ref _slots[start]).StoreUnsafe(ref target);
        return _slots[start + SlotLength - 1];
    }
}
