using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>The statuses that several orders shall have.</summary>
[Schema("OrderStatusUpdates", nameof(Example))]
public sealed record UpdateOrderStatusesRequest
{
    /// <summary>How many changes there may be.</summary>
    public const int MaxChanges = PageSize.Maximum;

    /// <summary>A thousand changes with the largest keys and versions take 85 KiB, and 115 KiB written over lines.</summary>
    internal const int MaxKibibytes = 256;

    internal static readonly UpdateOrderStatusesRequest Example = new() { Changes = [OrderStatusChange.Example] };

    /// <summary>Each of another order.</summary>
    [JsonPropertyName("changes")]
    [Items(1, MaxChanges)]
    public IReadOnlyList<OrderStatusChange?>? Changes { get; init; }

    /// <summary>Make all changes or none; left out for each on its own.</summary>
    [JsonPropertyName("atomic")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Atomic { get; init; }

    /// <summary>For a request that is valid.</summary>
    public IReadOnlyList<StatusChange> ToChanges()
    {
        StatusChange[] changes = new StatusChange[Changes!.Count];
        for (int index = 0; index < changes.Length; index++)
        {
            OrderStatusChange change = Changes[index]!;
            OrderVersion? version = OrderTag.Read(change.Version);
            changes[index] = new StatusChange
            {
                OrderKey = change.OrderKey!.Value,
                Status = OrderStatus.FromCode(change.Status)!,
                Versions = version is null ? null : [version.Value],
                ReturnsVersion = version is not null,
            };
        }

        return changes;
    }
}
