using System.Text.Json.Nodes;
using Orders.Api.Http;
using Orders.Api.Lakebase;
using Orders.Api.Orders;
using Orders.Api.Service;

namespace Orders.Api.OpenApi;

/// <summary>Real answers of the service on its sample data.</summary>
internal static class Examples
{
    private const string Order =
        """{"o_orderkey":1,"o_custkey":370,"o_orderstatus":"O","o_totalprice":172799.49,"o_orderdate":"1996-01-02","o_orderpriority":"5-LOW","o_clerk":"Clerk#000000951","o_shippriority":0,"o_comment":"nstructions sleep furiously among "}""";

    private const string PagePaginationOfOne =
        """{"page":1,"page_size":1,"total_pages":15000,"total_count":15000,"has_next":true,"has_previous":false,"next_cursor":1,"previous_cursor":null}""";

    private const string StreamPaginationOfOne =
        """{"page_size":1,"has_next":true,"has_previous":false,"next_cursor":1,"previous_cursor":null}""";

    private const string ResourceStep =
        """{"resource":"Pipeline","name":"orders.public.orders_synced","state":"running","detail":"SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT, 40 %"}""";

    private const string Pipeline =
        """{"id":"5f1c0a52","url":"https://adb-1234567890123456.7.azuredatabricks.net/pipelines/5f1c0a52","state":"SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT","message":null,"completion":0.4}""";

    private const string ResourceNames =
        """
        "instance":"projects/orders/branches/production/endpoints/primary","catalog":"orders","synced_table":"orders.public.orders_synced"
        """;

    private const string Creating = "The resources are being created. It takes minutes, and an hour or more until all orders are copied.";

    private static readonly Dictionary<Type, string> Answers = new()
    {
        [typeof(OrderResponse)] = Order,
        [typeof(OrderCountResponse)] = """{"total_orders":15000}""",
        [typeof(OrderSampleResponse)] = """{"sample_order_keys":[4967,20931,57890,24385,1217]}""",
        [typeof(OrderPageResponse)] = $$"""{"orders":[{{Order}}],"pagination":{{PagePaginationOfOne}}}""",
        [typeof(PagePagination)] = PagePaginationOfOne,
        [typeof(OrderStreamResponse)] = $$"""{"orders":[{{Order}}],"pagination":{{StreamPaginationOfOne}}}""",
        [typeof(StreamPagination)] = StreamPaginationOfOne,
        [typeof(UpdateOrderStatusRequest)] = """{"o_orderstatus":"F"}""",
        [typeof(UpdateOrderStatusResponse)] = """{"o_orderkey":1,"o_orderstatus":"F","message":"Order status updated successfully"}""",
        [typeof(ServiceResponse)] = """{"app":"Orders","message":"A REST API for orders on PostgreSQL","docs":"/docs"}""",
        [typeof(HealthcheckResponse)] = """{"status":"OK","timestamp":"2026-01-31T12:34:56.789Z"}""",
        [typeof(ResourcesCreatedResponse)] = $$"""{ {{ResourceNames}},"message":"{{Creating}}"}""",
        [typeof(ResourcesDeletedResponse)] = """{"deleted_resources":[],"failed_deletions":[],"message":"The resources are being deleted. It takes minutes."}""",
        [typeof(ResourcesResponse)] = $$"""
            {"operation":"create","state":"running",{{ResourceNames}},"deleted_resources":[],"failed_deletions":[],"message":"{{Creating}}",
            "started_at":"2026-01-31T12:34:56Z","ended_at":null,"steps":[{{ResourceStep}}],"pipeline":{{Pipeline}}}
            """,
        [typeof(ResourceStepResponse)] = ResourceStep,
        [typeof(SyncPipelineResponse)] = Pipeline,
        [typeof(HealthResponse)] = """{"status":"ready"}""",
    };

    public static JsonNode? Of(Type type) => type == typeof(ProblemResponse)
        ? Of(ApiError.OrderNotFound(8))
        : Answers.TryGetValue(type, out string? json) ? JsonNode.Parse(json) : null;

    public static JsonNode Of(ApiError error)
    {
        var problem = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = error.Title,
            ["status"] = error.Status,
            ["detail"] = error.Detail,
            ["code"] = error.Code,
            ["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
        if (error.Errors is { } errors)
        {
            problem["errors"] = new JsonObject(errors.Select(entry => KeyValuePair.Create(
                entry.Key, (JsonNode?)new JsonArray([.. entry.Value.Select(message => JsonValue.Create(message))]))));
        }

        return problem;
    }
}
