using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>The JSON of this folder's types, generated at build.</summary>
[JsonSerializable(typeof(OrderResponse))]
[JsonSerializable(typeof(OrderCountResponse))]
[JsonSerializable(typeof(OrderSampleResponse))]
[JsonSerializable(typeof(OrderPageResponse))]
[JsonSerializable(typeof(OrderStreamResponse))]
[JsonSerializable(typeof(OrderListResponse))]
[JsonSerializable(typeof(UpdateOrderStatusRequest))]
[JsonSerializable(typeof(UpdateOrderStatusesRequest))]
[JsonSerializable(typeof(UpdateOrderStatusesResponse))]
[JsonSerializable(typeof(UpdateOrderStatusResponse))]
internal sealed partial class OrdersJsonContext : JsonSerializerContext;
