using System.CommandLine;
using Npgsql;
using Orders.Api.Commands;
using Orders.Application;
using Orders.Infrastructure.Tpch;

var root = new RootCommand { SeedCommand.Create(Build, TpchServices.CreateExporter()) };
return await root.Parse(args).InvokeAsync();

static IHost Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Services.AddSingleton(NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Orders")!));
    builder.Services.AddTpchOrders().AddSingleton<ISchemaMigrator, NoMigration>();
    return builder.Build();
}

internal sealed class NoMigration : ISchemaMigrator
{
    public Task MigrateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
