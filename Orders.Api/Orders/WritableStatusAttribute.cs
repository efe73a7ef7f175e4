using Orders.Api.OpenApi.Attributes;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>The statuses that may be written.</summary>
internal sealed class WritableStatusAttribute() : EnumSchemaAttribute(
    "OrderStatus",
    "A status that may be written. O: open, no line item is shipped. F: fulfilled, all are. P: partially fulfilled, some are.",
    OrderStatus.Fulfilled.Code,
    [
        (OrderStatus.Open.Code, nameof(OrderStatus.Open)),
        (OrderStatus.Fulfilled.Code, nameof(OrderStatus.Fulfilled)),
        (OrderStatus.PartiallyFulfilled.Code, nameof(OrderStatus.PartiallyFulfilled)),
    ]);
