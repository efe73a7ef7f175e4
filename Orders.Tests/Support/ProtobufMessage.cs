using System.Buffers.Binary;
using System.Text;

namespace Orders.Tests.Support;

/// <summary>A message of Protocol Buffers, read by the numbers of its fields: no package has the messages of OTLP.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            ulong tag = ReadVarint(ref bytes);
            int field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, ReadVarint(ref bytes), default));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span), default));
                    bytes = bytes[sizeof(ulong)..];
                    break;
                case 2:
                    int length = (int)ReadVarint(ref bytes);
                    _fields.Add((field, 0, bytes[..length]));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span), default));
                    bytes = bytes[sizeof(uint)..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7}");
            }
        }
    }

    public bool Has(int field) => _fields.Exists(found => found.Field == field);

    public IEnumerable<ProtobufMessage> Messages(int field) =>
        _fields.Where(found => found.Field == field).Select(found => new ProtobufMessage(found.Bytes));

    public ProtobufMessage? Message(int field) => Messages(field).FirstOrDefault();

    public ulong Number(int field) => _fields.FirstOrDefault(found => found.Field == field).Number;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public string Text(int field) => Encoding.UTF8.GetString(_fields.FirstOrDefault(found => found.Field == field).Bytes.Span);

    public string Hex(int field) => Convert.ToHexStringLower(_fields.FirstOrDefault(found => found.Field == field).Bytes.Span);

    private static ulong ReadVarint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (int index = 0; ; index++)
        {
            byte part = bytes.Span[index];
            value |= (ulong)(part & 0x7f) << (7 * index);
            if (part < 0x80)
            {
                bytes = bytes[(index + 1)..];
                return value;
            }
        }
    }
}
