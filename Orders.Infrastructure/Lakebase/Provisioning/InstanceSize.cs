using System.Globalization;
using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The size of a server, as far as the workspace says.</summary>
internal sealed record InstanceSize
{
    public string? Capacity { get; init; }

    public int? NodeCount { get; init; }

    public bool? EnableReadableSecondaries { get; init; }

    public int? RetentionWindowInDays { get; init; }

    /// <returns>A sentence on the differences from the request; null when there are none.</returns>
    public string? DifferenceFrom(CreateResources? asked)
    {
        string[] differences =
        [
            .. Difference("capacity", Capacity, asked?.Capacity),
            .. Difference("node_count", Text(NodeCount), Text(asked?.NodeCount)),
            .. Difference("enable_readable_secondaries", Text(EnableReadableSecondaries), Text(asked?.EnableReadableSecondaries)),
            .. Difference("retention_window_in_days", Text(RetentionWindowInDays), Text(asked?.RetentionWindowInDays)),
        ];
        return differences.Length == 0
            ? null
            : $"It exists with {string.Join(", ", differences)}. It is left as it is: "
                + "ask for what it has, or leave that out, or change it in the workspace.";
    }

    private static IEnumerable<string> Difference(string name, string? found, string? asked)
    {
        if (found is not null && asked is not null && found != asked)
        {
            yield return $"{name} {found} where {asked} was asked for";
        }
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(bool? value) => value is { } known ? (known ? "true" : "false") : null;
}
