using System.Buffers;

namespace Orders.Api.Http;

/// <summary>A buffer that grows by segments: nothing is copied, and no segment is large enough for the large object heap.</summary>
/// <param name="expected">How many bytes it will hold, about.</param>
internal sealed class SegmentedBuffer(int expected) : IBufferWriter<byte>
{
    private const int Smallest = 1024;
    private const int Largest = 32 * 1024;

    private readonly int _size = int.Clamp(expected, Smallest, Largest);
    private Segment? _first;
    private Segment? _last;
    private byte[] _current = [];
    private int _used;

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _used < int.Max(sizeHint, 1))
        {
            Close();
            _current = GC.AllocateUninitializedArray<byte>(int.Max(_size, sizeHint));
        }

        return _current.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>All that was written; after this nothing more may be.</summary>
    public ReadOnlySequence<byte> End()
    {
        Close();
        return _last is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first!, 0, _last, _last.Memory.Length);
    }

    private void Close()
    {
        if (_used > 0)
        {
            _last = new Segment(_current.AsMemory(0, _used), _last);
            _first ??= _last;
            _used = 0;
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
