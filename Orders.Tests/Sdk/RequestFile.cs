using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>The requests of <c>orders.http</c>.</summary>
internal static partial class RequestFile
{
    private const string Host = "{{host}}";

    public static readonly Request[] Requests = [.. Block().Split(Read()).Skip(1).Select(Parse)];

    [GeneratedRegex("^### ", RegexOptions.Multiline)]
    private static partial Regex Block();

    private static string Read() =>
        string.Join('\n', File.ReadLines(Path.Combine(SourceTree.Root, "orders.http")).Where(line => !line.StartsWith("# ", StringComparison.Ordinal)));

    /// <summary>A title with the expected status; the method and the URL; headers; after an empty line the body.</summary>
    private static Request Parse(string block)
    {
        string[] parts = block.Split("\n\n", 2);
        string[] head = parts[0].Split('\n');
        string[] title = head[0].Split(": ");
        string[] target = head[1].Split(' ');
        Assert.That(target[1], Does.StartWith($"{Host}/"), block);
        return new Request
        {
            Title = title[0],
            Status = int.Parse(title[1], CultureInfo.InvariantCulture),
            Method = HttpMethod.Parse(target[0]),
            Target = target[1][Host.Length..],
            Headers = [.. head.Skip(2).Select(line => line.Split(": ", 2)).Select(header => (header[0], header[1]))],
            Body = parts.ElementAtOrDefault(1)?.Trim() is { Length: > 0 } body ? body : null,
        };
    }

    internal sealed record Request
    {
        public required string Title { get; init; }

        public required int Status { get; init; }

        public required HttpMethod Method { get; init; }

        /// <summary>Path and query.</summary>
        public required string Target { get; init; }

        public required (string Name, string Value)[] Headers { get; init; }

        public required string? Body { get; init; }

        public string Path => Target.Split('?')[0];

        public HttpRequestMessage ToMessage()
        {
            var message = new HttpRequestMessage(Method, Target) { Content = Body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(Body)) };
            foreach ((string name, string value) in Headers)
            {
                Assert.That(message.Headers.TryAddWithoutValidation(name, value) || message.Content!.Headers.TryAddWithoutValidation(name, value), Is.True, name);
            }

            return message;
        }

        public override string ToString() => Title;
    }
}
