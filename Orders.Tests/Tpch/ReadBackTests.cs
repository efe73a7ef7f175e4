using System.Text;
using System.Text.Json;
using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;
using Orders.Tests.Support;

namespace Orders.Tests.Tpch;

internal sealed class ReadBackTests
{
    /// <summary>Those that dbgen writes; the service may show others beside them.</summary>
    private static readonly string[] Columns =
    [
        "o_orderkey", "o_custkey", "o_orderstatus", "o_totalprice", "o_orderdate", "o_orderpriority", "o_clerk", "o_shippriority", "o_comment",
    ];

    [TestCase(TableKind.Plain)]
    [TestCase(TableKind.HashPartitioned)]
    [TestCase(TableKind.ForeignShards)]
    [TestCase(TableKind.TpchTypes)]
    public async Task Orders_loaded_and_read_through_the_API_equal_dbgens(TableKind kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        var request = new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.01") };
        await new OrderSeeder(database.Connections).LoadAsync(request, new Progress<SeedProgress>(), CancellationToken.None);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString);

        var table = new StringBuilder();
        for (long? cursor = 0; cursor is not null;)
        {
            RunningApi.Answer answer = await api.GetAsync($"/api/v1/orders/stream?cursor={cursor}&page_size=1000");
            foreach (JsonElement order in answer.Json.GetProperty("orders").EnumerateArray())
            {
                // ToString returns numbers as they are in the JSON text, byte for byte.
                table.AppendJoin('|', Columns.Select(column => order.GetProperty(column).ToString())).Append('\n');
            }

            cursor = answer.Cursor("next_cursor");
        }

        Assert.That(GeneratedText.Md5(Encoding.UTF8.GetBytes(table.ToString())), Is.EqualTo("21facd7dbefed34dbe35e6209ae364db"));
    }
}
